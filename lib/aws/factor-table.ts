import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { FactorStore } from "../mfa/factor-store.ts";
import { factorItem, recoveryItem } from "./account-item.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { removeWrites, verifyWrites } from "./factor-writes.ts";
import { commitGuarded } from "./guarded-write.ts";
import { consumeProofs } from "./proof-writes.ts";
import { commit } from "./transact.ts";

/** The factors and recovery codes of people, in the identity table. */
export function factorTable(client: DynamoDBClient = dynamoClient()): FactorStore {
  const TableName = env.identityTable;
  return {
    add: async (owner, factor, trail) => {
      const Item = factorItem(owner, factor);
      const Put = { TableName, Item, ConditionExpression: "attribute_not_exists(pk)" };
      await commit(client, { writes: [{ Put }], trail });
    },
    verify: (verified, proofs, trail) =>
      commitGuarded(
        client,
        [
          ...consumeProofs(verified.user, proofs),
          ...verifyWrites(verified).map((write) => ({ write, refusal: "moved" }) as const),
        ],
        { trail },
      ),
    remove: (removed, trail) =>
      commitGuarded(
        client,
        removeWrites(removed).map((write) => ({ write, refusal: "moved" }) as const),
        { trail },
      ),
    replaceRecoveryCodes: async (owner, codes, trail) => {
      await commit(client, { writes: [{ Put: { TableName, Item: recoveryItem(owner, codes) } }], trail });
    },
  };
}
