import type { Tenant } from "../identity/tenant.ts";
import { type EndSessionDeps, endedByTime, endFoundSession, endRecord } from "./end-session.ts";
import { endByTime, endOf, type Session } from "./session.ts";
import type { SessionStore } from "./session-store.ts";

/** What ending sessions by time needs, where no request has found them over. */
export interface EndExpiredSessionDeps extends Omit<EndSessionDeps, "sessions"> {
  readonly sessions: Pick<SessionStore, "end" | "restoreEnded">;
  readonly tenants: { get(tenantId: string): Promise<Tenant | undefined> };
}

/**
 * Ends a session whose row the table's own expiry has removed before anybody found it over: puts it back as it ended,
 * with its one `session:end` record. `false` when that was done before.
 */
export async function endRemovedSession(deps: EndExpiredSessionDeps, session: Session): Promise<boolean> {
  const tenant = await deps.tenants.get(session.tenantId);
  if (tenant === undefined) return false;
  const { policy } = tenant;
  const end = endByTime(session, policy);
  return await deps.sessions.restoreEnded({
    session,
    end,
    records: [endRecord(deps, { session, end, by: endedByTime({ session, policy }) })],
    retentionDays: policy.activityRetentionDays,
  });
}

/** Ends a session if its time is over. `false` when it is not, or when something else had ended it before. */
export async function endExpiredSession(deps: EndExpiredSessionDeps, session: Session): Promise<boolean> {
  if (session.end !== undefined) return false;
  const tenant = await deps.tenants.get(session.tenantId);
  const end = tenant === undefined ? undefined : endOf(session, tenant.policy, deps.now());
  if (tenant === undefined || end === undefined) return false;
  return await endFoundSession(deps, { session, end, policy: tenant.policy });
}
