import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import type { Item } from "./item.ts";

/** Reads one row of the derived table, consistently. */
export async function getDerived(client: DynamoDBClient, key: Item): Promise<Item | undefined> {
  try {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: env.derivedTable, Key: key, ConsistentRead: true }),
    );
    return Item;
  } catch (thrown) {
    throw translated(thrown);
  }
}

/** Which rows of which table; whatever else a query takes is added as it is. */
export interface RowQuery extends Omit<QueryCommandInput, "ExclusiveStartKey" | "ConsistentRead"> {
  /** Rows of the first page, where mostly no more than these are wanted. */
  readonly firstPage?: number;
}

/** Goes through the rows of a query, consistently, page by page as they are wanted. */
export async function* queryRows(
  client: DynamoDBClient,
  { firstPage, ...query }: RowQuery,
): AsyncGenerator<Item> {
  const first = firstPage === undefined ? {} : { Limit: firstPage };
  let page = await readPage(client, { ...query, ...first, ConsistentRead: true });
  yield* page.rows;
  while (page.next !== undefined) {
    page = await readPage(client, { ...query, ConsistentRead: true, ExclusiveStartKey: page.next });
    yield* page.rows;
  }
}

async function readPage(client: DynamoDBClient, query: QueryCommandInput) {
  try {
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(query));
    return { rows: Items, next: LastEvaluatedKey };
  } catch (thrown) {
    throw translated(thrown);
  }
}
