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
export type RowQuery = Omit<QueryCommandInput, "ExclusiveStartKey">;

/** Goes through the rows of a query, consistently, page by page as they are wanted. */
export async function* queryRows(client: DynamoDBClient, query: RowQuery): AsyncGenerator<Item> {
  let startKey: Item | undefined;
  do {
    const page = await readPage(client, { ...query, ConsistentRead: true, ExclusiveStartKey: startKey });
    yield* page.rows;
    startKey = page.next;
  } while (startKey !== undefined);
}

async function readPage(client: DynamoDBClient, query: QueryCommandInput) {
  try {
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(query));
    return { rows: Items, next: LastEvaluatedKey };
  } catch (thrown) {
    throw translated(thrown);
  }
}
