import type { TenantStore } from "../identity/tenant-store.ts";
import type { EndedSession, Liveness } from "../resource/liveness.ts";
import { type EndSessionDeps, endFoundSession } from "../session/end-session.ts";
import { DEFAULT_POLICY, type TenantPolicy } from "../session/policy.ts";
import { endOf, type Session, type SessionEnd } from "../session/session.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { EpochMs } from "../time.ts";

/** What telling live sessions from dead ones needs. */
export interface SessionLivenessDeps extends EndSessionDeps {
  readonly sessions: Pick<SessionStore, "getMany" | "end">;
  readonly tenants: Pick<TenantStore, "get">;
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
      const ended: EndedSession[] = [];
      for (const sessionId of sessionIds) {
        const session = bySession.get(sessionId);
        const end = session === undefined ? { atMs: deps.now() } : await endOnRecord(deps, session, policy);
        if (end !== undefined) ended.push(endedSession({ tenantId, sessionId, session, policy }, end.atMs));
      }
      return ended;
    },
  };
}

/** A session's end once it is written. Where another was quicker, the next look finds that one's. */
async function endOnRecord(
  deps: SessionLivenessDeps,
  session: Session,
  policy: TenantPolicy,
): Promise<SessionEnd | undefined> {
  const end = endOf(session, policy, deps.now());
  if (session.end !== undefined || end === undefined) return end;
  return (await endFoundSession(deps, { session, end, policy })) ? end : undefined;
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
