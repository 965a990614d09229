import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { AppError } from "../errors.ts";
import { readRows } from "./caller-reader.ts";
import { translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import type { Item } from "./item.ts";

/** Keys that one batch read takes. */
const BATCH_KEYS_MAX = 100;

/** Rows that one batch write takes; it takes 16 MB, and a row has at most 400 KB. */
const BATCH_ROWS_MAX = 25;

const BATCH_ATTEMPTS = 8;

/** Reads one row of the billing table, consistently. */
export async function getBilling(client: DynamoDBClient, Key: Item): Promise<Item | undefined> {
  try {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: env.billingTable, Key, ConsistentRead: true }),
    );
    return Item;
  } catch (thrown) {
    throw translated(thrown);
  }
}

/** Puts rows into the billing table, each by itself: a part may be there when it throws. @throws AppError `unavailable` */
export async function putBilling(client: DynamoDBClient, rows: readonly Item[]): Promise<void> {
  for (let from = 0; from < rows.length; from += BATCH_ROWS_MAX) {
    const puts = rows.slice(from, from + BATCH_ROWS_MAX).map((Item) => ({ PutRequest: { Item } }));
    await writeBatch(client, puts);
  }
}

async function writeBatch(client: DynamoDBClient, puts: WriteRequest[]): Promise<void> {
  let open = puts;
  for (let attempt = 1; open.length > 0; attempt++) {
    if (attempt > BATCH_ATTEMPTS) throw new AppError("unavailable", "Too many writes at once: try again.");
    // What is left over was throttled: each attempt waits longer, with full jitter.
    if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
    try {
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [env.billingTable]: open } }),
      );
      open = UnprocessedItems?.[env.billingTable] ?? [];
    } catch (thrown) {
      throw translated(thrown);
    }
  }
}

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
