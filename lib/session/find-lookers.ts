import type { EpochMs } from "../time.ts";
import type { TenantPolicy } from "./policy.ts";
import { endOf, type Session } from "./session.ts";
import type { SessionStore } from "./session-store.ts";

/** What telling who looks needs. */
export interface FindLookersDeps {
  readonly sessions: Pick<SessionStore, "getMany">;
}

/** The support sessions that look at a session at this moment. It costs a read where somebody has ever looked, and else none. */
export async function findLookers(
  { sessions }: FindLookersDeps,
  { tenantId, sessionId, lookers = [] }: Session,
  { policy, nowMs }: { readonly policy: TenantPolicy; readonly nowMs: EpochMs },
): Promise<readonly Session[]> {
  const known = await sessions.getMany(tenantId, lookers);
  return known.filter(
    (looker) => looker.support?.watchedSessionId === sessionId && endOf(looker, policy, nowMs) === undefined,
  );
}
