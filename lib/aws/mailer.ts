import type { Mailer } from "../identity/mail.ts";
import { systemNow } from "./clock.ts";
import { env } from "./env.ts";
import { mailOutbox } from "./mail-outbox.ts";
import { mailSes } from "./mail-ses.ts";
import { outbox } from "./outbox.ts";

/** Whatever this deployment sends letters with: the outbox where one is named, else Amazon SES. */
export function mailer(): Mailer {
  return env.outboxFile === undefined ? mailSes(env.mailFrom) : mailOutbox(outbox(env.outboxFile, systemNow));
}
