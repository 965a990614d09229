import type { TextMessages } from "../mfa/sms-code.ts";
import { systemNow } from "./clock.ts";
import { env } from "./env.ts";
import { outbox } from "./outbox.ts";
import { smsOutbox } from "./sms-outbox.ts";
import { smsSns } from "./sms-sns.ts";

/** Whatever this deployment sends short messages with: the outbox where one is named, else Amazon SNS. */
export function textMessages(): TextMessages {
  return env.outboxFile === undefined ? smsSns() : smsOutbox(outbox(env.outboxFile, systemNow));
}
