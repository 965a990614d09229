import type { Trail } from "../activity/trail.ts";
import type { Tenant } from "../identity/tenant.ts";
import { type EndSessionDeps, endedBy, endFoundSession, endSession } from "./end-session.ts";
import { type EndReason, endOf } from "./session.ts";
import type { SessionStore } from "./session-store.ts";

/** What ending all sessions of a user needs. */
export interface RevokeSessionsDeps extends EndSessionDeps {
  readonly sessions: Pick<SessionStore, "end" | "getMany" | "guardedIds">;
}

/** Whose sessions to end, and which one of them to leave. */
export interface RevokeSessions {
  readonly tenant: Tenant;
  readonly userId: string;
  readonly exceptSessionId?: string | undefined;
  readonly reason: EndReason;
  readonly trail: Trail;
}

/** Sessions that are ended side by side. */
const AT_ONCE = 20;

/**
 * Ends all sessions of a user, those of every kind and those that look at any of them; answers how many were alive until
 * then.
 */
export async function revokeSessions(deps: RevokeSessionsDeps, input: RevokeSessions): Promise<number> {
  const { tenant, userId, exceptSessionId, reason, trail } = input;
  const ids = await deps.sessions.guardedIds(tenant.tenantId, userId);
  const guarded = await deps.sessions.getMany(tenant.tenantId, ids);
  const lookers = guarded.flatMap((session) => session.lookers ?? []);
  const sessions = [...guarded, ...(await deps.sessions.getMany(tenant.tenantId, lookers))].filter(
    ({ sessionId }) => sessionId !== exceptSessionId,
  );
  const nowMs = deps.now();
  let revoked = 0;
  for (let from = 0; from < sessions.length; from += AT_ONCE) {
    const ended = await Promise.all(
      sessions.slice(from, from + AT_ONCE).map(async (session) => {
        const over = endOf(session, tenant.policy, nowMs);
        if (session.end !== undefined) return false;
        if (over !== undefined) {
          await endFoundSession(deps, { session, end: over, policy: tenant.policy });
          return false;
        }
        return await endSession(deps, { session, end: { reason, atMs: nowMs }, by: endedBy(trail) });
      }),
    );
    revoked += ended.filter(Boolean).length;
  }
  return revoked;
}
