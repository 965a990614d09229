import { SESv2Client, SendEmailCommand, TooManyRequestsException } from "@aws-sdk/client-sesv2";
import { AppError } from "../errors.ts";
import type { Mailer } from "../identity/mail.ts";
import { translated } from "./dynamo-client.ts";
import { PATIENCE } from "./patience.ts";

/** Sends letters through Amazon SES, in plain text: a link that a program has rewritten is not one to sign in with. */
export function mailSes(
  from: string,
  client: SESv2Client = new SESv2Client({ maxAttempts: 3, requestHandler: PATIENCE }),
): Mailer {
  return {
    send: async ({ to, subject, text }) => {
      try {
        await client.send(
          new SendEmailCommand({
            FromEmailAddress: from,
            Destination: { ToAddresses: [to] },
            Content: {
              Simple: {
                Subject: { Data: subject, Charset: "UTF-8" },
                Body: { Text: { Data: text, Charset: "UTF-8" } },
              },
            },
          }),
        );
      } catch (thrown) {
        throw thrown instanceof TooManyRequestsException
          ? new AppError("unavailable", "Too many letters at once: try again.", { cause: thrown })
          : translated(thrown);
      }
    },
  };
}
