import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { CallerReader, SupportRows } from "../session/caller.ts";
import type { SupportView } from "../session/session.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { tenantKey, tenantOf, userKey, userOf } from "./identity-item.ts";
import type { Item } from "./item.ts";
import { sessionKey, sessionOf } from "./session-item.ts";
import { grantKey, grantOf, grantPartition } from "./support-item.ts";
import { principalKey, principalOf } from "./workflow-principals.ts";

/**
 * Reads session, user and tenant in one consistent round trip of three read units, as long as each stays below 4 KiB.
 */
export function callerReader(client: DynamoDBClient = dynamoClient()): CallerReader {
  return {
    read: async ({ tenantId, userId, sessionId }) => {
      const rows = await readRows(client, {
        [env.sessionsTable]: [sessionKey(tenantId, sessionId)],
        [env.identityTable]: [principalKey(tenantId, userId), tenantKey(tenantId)],
      });
      const identity = rows[env.identityTable] ?? [];
      const row = rows[env.sessionsTable]?.[0];
      const session = row === undefined ? undefined : sessionOf(row);
      const tenant = identity.find((row) => row["sk"]?.S === "tenant");
      const user = identity.find((row) => row["sk"]?.S !== "tenant");
      return {
        session,
        user: user === undefined ? undefined : principalOf(user, userId),
        tenant: tenant === undefined ? undefined : tenantOf(tenant),
        ...(session?.support && { support: await supportRows(client, tenantId, session.support) }),
      };
    },
  };
}

/** What a support session stands on. */
async function supportRows(
  client: DynamoDBClient,
  tenantId: string,
  { grantId, watchedSessionId, agentTenantId, agentId }: SupportView,
): Promise<SupportRows> {
  const rows = await readRows(client, {
    [env.sessionsTable]: [
      grantKey(grantPartition(tenantId), grantId),
      sessionKey(tenantId, watchedSessionId),
    ],
    [env.identityTable]: [userKey(agentTenantId, agentId)],
  });
  const own = rows[env.sessionsTable] ?? [];
  const watched = own.find((row) => row["sk"]?.S === "session");
  const grant = own.find((row) => row["sk"]?.S === grantId);
  const agent = rows[env.identityTable]?.[0];
  return {
    grant: grant === undefined ? undefined : grantOf(grant),
    watched: watched === undefined ? undefined : sessionOf(watched),
    agent: agent === undefined ? undefined : userOf(agent),
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
