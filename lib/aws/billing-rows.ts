import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { readRows } from "./caller-reader.ts";
import { translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import type { Item } from "./item.ts";

/** Keys that one batch read takes. */
const BATCH_KEYS_MAX = 100;

/** Reads rows of the billing table by their keys, each named once; consistently, in no order. */
export async function readBilling(client: DynamoDBClient, keys: readonly Item[]): Promise<readonly Item[]> {
  const rows: Item[] = [];
  for (let from = 0; from < keys.length; from += BATCH_KEYS_MAX) {
    const found = await readRows(client, { [env.billingTable]: keys.slice(from, from + BATCH_KEYS_MAX) });
    rows.push(...(found[env.billingTable] ?? []));
  }
  return rows;
}

/** Goes through all rows of a query of the billing table, page after page. */
export async function* queryBilling(
  client: DynamoDBClient,
  query: Omit<QueryCommandInput, "TableName" | "ExclusiveStartKey">,
): AsyncGenerator<Item> {
  let startKey: Item | undefined;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          ...query,
          TableName: env.billingTable,
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      yield* Items;
      startKey = LastEvaluatedKey;
    } while (startKey !== undefined);
  } catch (thrown) {
    throw translated(thrown);
  }
}
