import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TenantStore } from "../identity/tenant-store.ts";
import type { SystemTrails } from "../resource/system-trail.ts";
import { type EndSessionDeps, endSession, SYSTEM_ACTOR } from "../session/end-session.ts";
import { endOf, type Session } from "../session/session.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { Responses, ResponseTo } from "../unusual/detect-unusual.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { toItem } from "./item.ts";
import { sessionKey } from "./session-item.ts";
import { ConditionRefused, commit } from "./transact.ts";

/** What carrying responses out needs. */
export interface SessionResponsesDeps extends EndSessionDeps {
  readonly sessions: Pick<SessionStore, "get" | "end">;
  readonly tenants: Pick<TenantStore, "get">;
  readonly systemTrails: SystemTrails;
}

/** Carries responses out on the sessions' own rows. A session that is over, or was imported, is left as it is. */
export function sessionResponses(
  deps: SessionResponsesDeps,
  client: DynamoDBClient = dynamoClient(),
): Responses {
  return {
    demandStepUp: async (to) => {
      const { session } = await live(deps, to);
      if (session !== undefined) await demand(deps, client, { session, to });
    },
    revokeSession: async (to) => {
      const { session, retentionDays } = await live(deps, to);
      if (session === undefined) return;
      const by = {
        actor: SYSTEM_ACTOR,
        ip: session.ip,
        userAgent: session.userAgent,
        requestId: to.alertId,
        source: "system",
        retentionDays,
      } as const;
      const end = { reason: "revoked", atMs: deps.now() } as const;
      await endSession(deps, { session, end, by });
    },
  };
}

async function live(
  { sessions, tenants, now }: SessionResponsesDeps,
  { tenantId, sessionId }: ResponseTo,
): Promise<{ readonly session: Session | undefined; readonly retentionDays: number }> {
  const [session, tenant] = await Promise.all([sessions.get(tenantId, sessionId), tenants.get(tenantId)]);
  const isLive =
    tenant !== undefined &&
    session !== undefined &&
    session.source !== "import" &&
    endOf(session, tenant.policy, now()) === undefined;
  return {
    session: isLive ? session : undefined,
    retentionDays: tenant?.policy.activityRetentionDays ?? 0,
  };
}

/** Once for each demand: a factor verified after the thing was seen has settled it, and one demand stands for all. */
async function demand(
  deps: SessionResponsesDeps,
  client: DynamoDBClient,
  { session, to }: { readonly session: Session; readonly to: ResponseTo },
): Promise<void> {
  const { tenantId, sessionId } = session;
  const resource = { type: "session", id: sessionId };
  const trail = await deps.systemTrails.begin({ tenantId, action: "session:demand-step-up", resource });
  trail.note({ alertId: to.alertId, userId: session.userId });
  const Update = {
    TableName: env.sessionsTable,
    Key: sessionKey(tenantId, sessionId),
    UpdateExpression: "SET stepUpDemandedAtMs = :now",
    ConditionExpression:
      "#status = :active AND attribute_not_exists(stepUpDemandedAtMs) AND " +
      "(attribute_not_exists(factorVerifiedAtMs) OR factorVerifiedAtMs <= :seen)",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: toItem({ ":now": deps.now(), ":active": "active", ":seen": to.seenAtMs }),
  };
  try {
    await commit(client, { writes: [{ Update }], trail });
  } catch (thrown) {
    if (!(thrown instanceof ConditionRefused)) throw thrown;
  }
}
