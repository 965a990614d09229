import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SEND_WINDOW_MS, type SentCodeStore } from "../mfa/sms-code.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { toAttribute, toItem } from "./item.ts";
import { codeNames, codesKey } from "./sign-in-item.ts";

/** What was sent to people's phones, in the sessions table until nothing of it counts any more. */
export function sentCodeTable(client: DynamoDBClient = dynamoClient()): SentCodeStore {
  return {
    replace: async ({ factorId, ...owner }, { before, after }, trail) => {
      const { sends, pending } = codeNames(factorId);
      const Update = {
        TableName: env.sessionsTable,
        Key: codesKey(owner),
        UpdateExpression: "SET #sends = :sends, #pending = :pending, #ttl = :ttl",
        ConditionExpression: before === undefined ? "attribute_not_exists(#sends)" : "#sends = :before",
        ExpressionAttributeNames: { "#sends": sends, "#pending": pending, "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ...toItem({ ":sends": after.sends, ":pending": after.pending, ":ttl": ttlOf(after.sends) }),
          ...(before === undefined ? {} : { ":before": toAttribute(before.sends) }),
        },
      };
      const outcome = await commitGuarded(client, [{ write: { Update }, refusal: "moved" }], { trail });
      return outcome === "done";
    },
  };
}

function ttlOf(sends: readonly number[]): number {
  return Math.ceil(((sends.at(-1) ?? 0) + SEND_WINDOW_MS) / 1000);
}
