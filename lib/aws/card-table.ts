import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { cardDocument, cardOf, type RateCardDocument } from "../billing/card-document.ts";
import type { CardStore } from "../billing/card-store.ts";
import { PLATFORM_TENANT_ID } from "../identity/tenant.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { document, type Item, toItem } from "./item.ts";
import { ConditionRefused, commit } from "./transact.ts";

const PARTITION = `${PLATFORM_TENANT_ID}#ratecard`;

/** The operator's rate cards in the billing table, a row for each version. */
export function cardTable(client: DynamoDBClient = dynamoClient()): CardStore {
  return {
    all: async () => (await readAll(client)).map((row) => cardOf(document<RateCardDocument>(row, "card"))),
    add: async (card, trail) => {
      const Item = toItem({ pk: PARTITION, sk: versionKey(card.version ?? 0), card: cardDocument(card) });
      try {
        await commit(client, {
          writes: [
            { Put: { TableName: env.billingTable, Item, ConditionExpression: "attribute_not_exists(pk)" } },
          ],
          trail,
        });
        return "added";
      } catch (thrown) {
        if (thrown instanceof ConditionRefused) return "stale";
        throw thrown;
      }
    },
  };
}

/** Versions sort by their number. */
function versionKey(version: number): string {
  return `v#${String(version).padStart(10, "0")}`;
}

async function readAll(client: DynamoDBClient): Promise<Item[]> {
  const rows: Item[] = [];
  let startKey: Item | undefined;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: env.billingTable,
          KeyConditionExpression: "pk = :cards",
          ExpressionAttributeValues: { ":cards": { S: PARTITION } },
          ConsistentRead: true,
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      rows.push(...Items);
      startKey = LastEvaluatedKey;
    } while (startKey !== undefined);
  } catch (thrown) {
    throw translated(thrown);
  }
  return rows;
}
