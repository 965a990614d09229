import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { CallerReader } from "../session/caller.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { tenantKey, tenantOf, userKey, userOf } from "./identity-item.ts";
import type { Item } from "./item.ts";
import { sessionKey, sessionOf } from "./session-item.ts";

/**
 * Reads session, user and tenant in one consistent round trip of three read units, as long as each stays below 4 KiB.
 */
export function callerReader(client: DynamoDBClient = dynamoClient()): CallerReader {
  return {
    read: async ({ tenantId, userId, sessionId }) => {
      const rows = await readRows(client, {
        [env.sessionsTable]: [sessionKey(tenantId, sessionId)],
        [env.identityTable]: [userKey(tenantId, userId), tenantKey(tenantId)],
      });
      const identity = rows[env.identityTable] ?? [];
      const session = rows[env.sessionsTable]?.[0];
      const tenant = identity.find((row) => row["sk"]?.S === "tenant");
      const user = identity.find((row) => row["sk"]?.S !== "tenant");
      return {
        session: session === undefined ? undefined : sessionOf(session),
        user: user === undefined ? undefined : userOf(user),
        tenant: tenant === undefined ? undefined : tenantOf(tenant),
      };
    },
  };
}

type Rows = Record<string, Item[]>;

/** Reads rows of several tables at one moment; what the service leaves over is asked for again. */
export async function readRows(
  client: DynamoDBClient,
  wanted: Readonly<Record<string, readonly Item[]>>,
): Promise<Rows> {
  const found: Rows = {};
  let open: Rows = Object.fromEntries(Object.entries(wanted).map(([table, keys]) => [table, [...keys]]));
  try {
    while (Object.keys(open).length > 0) {
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(
        new BatchGetItemCommand({
          RequestItems: Object.fromEntries(
            Object.entries(open).map(([table, Keys]) => [table, { Keys, ConsistentRead: true }]),
          ),
        }),
      );
      for (const [table, items] of Object.entries(Responses))
        found[table] = [...(found[table] ?? []), ...items];
      open = Object.fromEntries(
        Object.entries(UnprocessedKeys).map(([table, { Keys = [] }]) => [table, Keys]),
      );
    }
  } catch (thrown) {
    throw translated(thrown);
  }
  return found;
}
