import type { TenantStore } from "../identity/tenant-store.ts";
import type { SessionEnder } from "../session/caller.ts";
import type { EndReason, Session, SessionEnd } from "../session/session.ts";
import type { SessionStore } from "../session/session-store.ts";
import { type EndGrantDeps, endGrant } from "./end-grant.ts";

/** What following the ends of sessions needs. */
export interface FollowEndsDeps extends EndGrantDeps {
  readonly sessions: Pick<SessionStore, "get" | "getMany">;
  readonly sessionEnds: SessionEnder;
  readonly tenants: Pick<TenantStore, "get">;
}

/** Why a support session ends so that its agent is not to come back: not by their own doing, nor by time. */
const FOR_GOOD: ReadonlySet<EndReason> = new Set(["revoked", "user_disabled", "refresh_reused"]);

/**
 * Does what follows from the end of a session: those who look at it look no longer, from the instant of its end on; and
 * a support session that somebody else has ended takes its grant along. Repeating it changes nothing.
 */
export async function followEnd(deps: FollowEndsDeps, ended: Session): Promise<void> {
  const { tenantId, end, lookers = [], support } = ended;
  const tenant = await deps.tenants.get(tenantId);
  if (tenant === undefined || end === undefined) return;
  const retentionDays = tenant.policy.activityRetentionDays;
  if (support !== undefined && FOR_GOOD.has(end.reason)) {
    const grant = await deps.grants.get(tenantId, support.grantId);
    const isItsSession = grant?.supportSessionId === ended.sessionId;
    if (isItsSession) await endGrant(deps, { grant, reason: "revoked", sessionEnd: end, retentionDays });
  }
  for (const looker of await deps.sessions.getMany(tenantId, lookers)) {
    if (looker.end !== undefined || looker.support === undefined) continue;
    const sessionEnd: SessionEnd = { ...end, atMs: Math.max(end.atMs, looker.createdAtMs) };
    const grant = await deps.grants.get(tenantId, looker.support.grantId);
    if (grant !== undefined)
      await endGrant(deps, { grant, reason: "session_ended", sessionEnd, retentionDays });
    await deps.sessionEnds.endFound({ session: looker, end: sessionEnd, policy: tenant.policy });
  }
}
