import type { TenantStore } from "../identity/tenant-store.ts";
import type { EndedSession, Liveness } from "../resource/liveness.ts";
import { DEFAULT_POLICY, type TenantPolicy } from "../session/policy.ts";
import { endOf, type Session } from "../session/session.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { EpochMs } from "../time.ts";

/** What telling live sessions from dead ones needs. */
export interface SessionLivenessDeps {
  readonly sessions: Pick<SessionStore, "getMany">;
  readonly tenants: Pick<TenantStore, "get">;
  readonly now: () => EpochMs;
}

/** Liveness as of this moment, by the sessions' rows and the policy of their tenant. */
export function sessionLiveness(deps: SessionLivenessDeps): Liveness {
  return {
    aliveOf: async (tenantId, sessionIds) => {
      const { sessions, policy } = await read(deps, tenantId, sessionIds);
      const alive = sessions.filter((session) => endOf(session, policy, deps.now()) === undefined);
      return new Set(alive.map((session) => session.sessionId));
    },
    endedOf: async (tenantId, sessionIds) => {
      const { sessions, policy } = await read(deps, tenantId, sessionIds);
      const bySession = new Map(sessions.map((session) => [session.sessionId, session]));
      return sessionIds.flatMap((sessionId) => {
        const session = bySession.get(sessionId);
        const end = session === undefined ? { atMs: deps.now() } : session.end;
        return end === undefined ? [] : [endedSession({ tenantId, sessionId, session, policy }, end.atMs)];
      });
    },
  };
}

/** An ended session as those who let it go of its resources take it; without its row, it is long over. */
function endedSession(
  of: {
    readonly tenantId: string;
    readonly sessionId: string;
    readonly session: Session | undefined;
    readonly policy: TenantPolicy;
  },
  endedAtMs: EpochMs,
): EndedSession {
  const { tenantId, sessionId, session, policy } = of;
  return {
    tenantId,
    sessionId,
    endedAtMs,
    origin: {
      sessionId,
      ...(session === undefined ? {} : { userId: session.userId }),
      requestId: `end-${sessionId}`,
      ip: session?.ip ?? "",
      userAgent: session?.userAgent ?? "",
    },
    onSessionEnd: policy.onSessionEnd,
  };
}

async function read(deps: SessionLivenessDeps, tenantId: string, sessionIds: readonly string[]) {
  const [sessions, tenant] = await Promise.all([
    deps.sessions.getMany(tenantId, [...new Set(sessionIds)]),
    deps.tenants.get(tenantId),
  ]);
  return { sessions, policy: tenant?.policy ?? DEFAULT_POLICY };
}
