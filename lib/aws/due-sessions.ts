import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Session } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import type { Item } from "./item.ts";
import { EXPIRY_KEYS, sessionOf } from "./session-item.ts";

/** Rows of one batch read. */
const PAGE = 100;

/** The active sessions of all tenants whose time was up at `nowMs` as their rows have it, a page at a time. */
export async function* dueSessions(
  nowMs: EpochMs,
  client: DynamoDBClient = dynamoClient(),
): AsyncGenerator<readonly Session[]> {
  for (const expiryKey of EXPIRY_KEYS) {
    for await (const keys of dueKeys(client, expiryKey, nowMs)) {
      // The index lags, and holds keys alone: the rows themselves say what is so.
      const rows = await readRows(client, { [env.sessionsTable]: keys });
      yield (rows[env.sessionsTable] ?? []).map(sessionOf);
    }
  }
}

async function* dueKeys(client: DynamoDBClient, expiryKey: string, nowMs: EpochMs): AsyncGenerator<Item[]> {
  let startKey: Item | undefined;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: env.sessionsTable,
          IndexName: "expiry-index",
          KeyConditionExpression: "expiryKey = :key AND #ttl <= :now",
          ExpressionAttributeNames: { "#ttl": "ttl" },
          ExpressionAttributeValues: {
            ":key": { S: expiryKey },
            ":now": { N: String(Math.floor(nowMs / 1000)) },
          },
          Limit: PAGE,
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      if (Items.length > 0) {
        yield Items.flatMap(({ pk, sk }) => (pk === undefined || sk === undefined ? [] : [{ pk, sk }]));
      }
      startKey = LastEvaluatedKey;
    } while (startKey !== undefined);
  } catch (thrown) {
    throw translated(thrown);
  }
}
