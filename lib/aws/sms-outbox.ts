import type { TextMessages } from "../mfa/sms-code.ts";
import type { Outbox } from "./outbox.ts";

/** Puts short messages into the outbox of a local run. */
export function smsOutbox(box: Outbox): TextMessages {
  return {
    send: async ({ to, text, code }) => {
      await box.write({ channel: "sms", to, text, data: { code } });
    },
  };
}
