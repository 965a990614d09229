import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { TenantStore } from "../identity/tenant-store.ts";
import { DEFAULT_POLICY } from "../session/policy.ts";
import { endOf, type Session } from "../session/session.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { EpochMs } from "../time.ts";
import type { KnownSession } from "../usage/usage-source.ts";
import { readBilling } from "./billing-rows.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { sessionLifeItem, sessionLifeKey, sessionLifeOf } from "./session-life-item.ts";

/** What telling the lives of sessions needs. */
export interface SessionLivesDeps {
  readonly sessions: Pick<SessionStore, "getMany">;
  readonly tenants: Pick<TenantStore, "get">;
  readonly now: () => EpochMs;
}

/** When sessions began and, logically, ended: for as long as bills may need it. */
export interface SessionLives {
  /** Those of the sessions that are known, as of now. */
  find(tenantId: string, sessionIds: readonly string[]): Promise<readonly KnownSession[]>;
  /** Keeps the lives of sessions that are over, for when their rows have left the sessions table. */
  keep(tenantId: string, sessions: readonly KnownSession[]): Promise<void>;
}

/** Lives by the sessions' own rows, and by what the billing table keeps of those that have left. */
export function sessionLifeTable(
  deps: SessionLivesDeps,
  client: DynamoDBClient = dynamoClient(),
): SessionLives {
  return {
    find: async (tenantId, sessionIds) => {
      if (sessionIds.length === 0) return [];
      const [rows, tenant] = await Promise.all([
        deps.sessions.getMany(tenantId, sessionIds),
        deps.tenants.get(tenantId),
      ]);
      const nowMs = deps.now();
      const policy = tenant?.policy ?? DEFAULT_POLICY;
      const present = new Set(rows.map(({ sessionId }) => sessionId));
      const gone = sessionIds.filter((sessionId) => !present.has(sessionId));
      const kept = await readBilling(
        client,
        gone.map((sessionId) => sessionLifeKey(tenantId, sessionId)),
      );
      return [
        ...rows.map((session) => lifeOf(session, endOf(session, policy, nowMs)?.atMs ?? null)),
        ...kept.map(sessionLifeOf),
      ];
    },
    keep: async (tenantId, sessions) => {
      try {
        for (const session of sessions) {
          const Item = sessionLifeItem(tenantId, session);
          await client.send(new PutItemCommand({ TableName: env.billingTable, Item }));
        }
      } catch (thrown) {
        throw translated(thrown);
      }
    },
  };
}

function lifeOf(
  { sessionId, userId, createdAtMs, source, end }: Session,
  endedAtMs: EpochMs | null,
): KnownSession {
  return {
    ...{ sessionId, userId, startedAtMs: createdAtMs, endedAtMs, isImported: source === "import" },
    ...(endedAtMs !== null && end === undefined ? { isEndOpen: true } : {}),
  };
}
