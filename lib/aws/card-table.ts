import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { cardDocument, cardOf, type RateCardDocument } from "../billing/card-document.ts";
import type { CardStore } from "../billing/card-store.ts";
import type { RateCard } from "../billing/rate-card.ts";
import { PLATFORM_TENANT_ID } from "../identity/tenant.ts";
import { queryBilling } from "./billing-rows.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { document, toItem } from "./item.ts";
import { ConditionRefused, commit } from "./transact.ts";

const PARTITION = `${PLATFORM_TENANT_ID}#ratecard`;

/** The operator's rate cards in the billing table, a row for each version. */
export function cardTable(client: DynamoDBClient = dynamoClient()): CardStore {
  return {
    all: () => readAll(client),
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

async function readAll(client: DynamoDBClient): Promise<readonly RateCard[]> {
  const cards: RateCard[] = [];
  const rows = queryBilling(client, {
    KeyConditionExpression: "pk = :cards",
    ExpressionAttributeValues: { ":cards": { S: PARTITION } },
    ConsistentRead: true,
  });
  for await (const row of rows) cards.push(cardOf(document<RateCardDocument>(row, "card")));
  return cards;
}
