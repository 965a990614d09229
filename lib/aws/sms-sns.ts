import { PublishCommand, SNSClient, ThrottledException } from "@aws-sdk/client-sns";
import { AppError } from "../errors.ts";
import type { TextMessages } from "../mfa/sms-code.ts";
import { translated } from "./dynamo-client.ts";
import { PATIENCE } from "./patience.ts";

/** Sends short messages through Amazon SNS, as transactional ones: delivery goes before price. */
export function smsSns(
  client: SNSClient = new SNSClient({ maxAttempts: 2, requestHandler: PATIENCE }),
): TextMessages {
  return {
    send: async ({ to, text }) => {
      try {
        await client.send(
          new PublishCommand({
            PhoneNumber: to,
            Message: text,
            MessageAttributes: {
              "AWS.SNS.SMS.SMSType": { DataType: "String", StringValue: "Transactional" },
            },
          }),
        );
      } catch (thrown) {
        throw thrown instanceof ThrottledException
          ? new AppError("unavailable", "Too many messages at once: try again.", { cause: thrown })
          : translated(thrown);
      }
    },
  };
}
