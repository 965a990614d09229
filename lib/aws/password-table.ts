import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { PasswordStore } from "../session/password-store.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { toItem } from "./item.ts";
import { consumeProofs } from "./proof-writes.ts";

/** The passwords of people, in the identity table. */
export function passwordTable(client: DynamoDBClient = dynamoClient()): PasswordStore {
  return {
    replace: async ({ owner, before, after, proofs }, trail) => {
      const Put = {
        TableName: env.identityTable,
        Item: toItem({ pk: `${owner.tenantId}#${owner.userId}`, sk: "password", hash: after }),
        ConditionExpression: "#hash = :before",
        ExpressionAttributeNames: { "#hash": "hash" },
        ExpressionAttributeValues: toItem({ ":before": before }),
      };
      const writes = [{ write: { Put }, refusal: "moved" } as const, ...consumeProofs(owner, proofs)];
      return await commitGuarded(client, writes, { trail });
    },
  };
}
