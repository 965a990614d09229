import type { Trail } from "../activity/trail.ts";
import { type EndSessionDeps, endedBy, endFoundSession, endSession } from "./end-session.ts";
import type { TenantPolicy } from "./policy.ts";
import { endOf, type Session } from "./session.ts";

/** One session to end, and the request that asks for it. */
export interface RevokeSession {
  readonly session: Session;
  readonly policy: TenantPolicy;
  readonly trail: Trail;
}

/**
 * Ends a session now; whether it was still alive until then. One whose time was over before ended by time, and says
 * so. After this returns no request of the session is taken any more.
 */
export async function revokeSession(
  deps: EndSessionDeps,
  { session, policy, trail }: RevokeSession,
): Promise<boolean> {
  const nowMs = deps.now();
  const over = endOf(session, policy, nowMs);
  if (over === undefined) {
    const end = { reason: "revoked", atMs: nowMs } as const;
    return await endSession(deps, { session, end, by: endedBy(trail), trail });
  }
  if (session.end === undefined) await endFoundSession(deps, { session, end: over, policy });
  return false;
}
