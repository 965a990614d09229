import type { Mailer } from "../identity/mail.ts";
import type { Outbox } from "./outbox.ts";

/** Puts letters into the outbox of a local run. */
export function mailOutbox(box: Outbox): Mailer {
  return {
    send: async ({ to, subject, text, token }) => {
      await box.write({ channel: "mail", to, subject, text, data: token === undefined ? {} : { token } });
    },
  };
}
