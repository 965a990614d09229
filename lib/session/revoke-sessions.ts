import type { Trail } from "../activity/trail.ts";
import type { Tenant } from "../identity/tenant.ts";
import {
  type Ending,
  type EndSessionDeps,
  endedBy,
  endedByTime,
  endRecord,
  endSession,
} from "./end-session.ts";
import { type EndReason, endOf, type Session } from "./session.ts";
import { ENDED_TOGETHER_MAX, type SessionStore } from "./session-store.ts";

/** What ending all sessions of a user needs. */
export interface RevokeSessionsDeps extends EndSessionDeps {
  readonly sessions: Pick<SessionStore, "end" | "endTogether" | "getMany" | "guardedIds">;
}

/** Whose sessions to end, and which one of them to leave. */
export interface RevokeSessions {
  readonly tenant: Tenant;
  readonly userId: string;
  readonly exceptSessionId?: string | undefined;
  readonly reason: EndReason;
  readonly trail: Trail;
  /** Whether the request's own record goes with the last of them; `revoked` is noted on it. */
  readonly withRecord?: boolean;
}

/** Sessions that are ended side by side. */
const AT_ONCE = 20;

/**
 * Ends all sessions of a user, those of every kind and those that look at any of them; answers how many were alive until
 * then. The user's own end together: up to 49 of them in one transaction.
 */
export async function revokeSessions(deps: RevokeSessionsDeps, input: RevokeSessions): Promise<number> {
  const { tenant, userId, exceptSessionId } = input;
  const ids = await deps.sessions.guardedIds(tenant.tenantId, userId);
  const guarded = await deps.sessions.getMany(tenant.tenantId, ids);
  const lookers = guarded.flatMap((session) => session.lookers ?? []);
  const looking = await deps.sessions.getMany(tenant.tenantId, lookers);
  const endsOf = (sessions: readonly Session[]) =>
    sessions
      .filter((session) => session.sessionId !== exceptSessionId && session.end === undefined)
      .map((session) => endNow(deps, session, input));
  const own = endsOf(guarded);
  // Who looks has no place among the user's sessions: the transaction that clears those places would not go through.
  let revoked = await oneByOne(deps, endsOf(looking));
  for (let from = 0; from < own.length; from += ENDED_TOGETHER_MAX) {
    const together = own.slice(from, from + ENDED_TOGETHER_MAX);
    const alive = together.filter(({ wasAlive }) => wasAlive).length;
    const isLast = from + ENDED_TOGETHER_MAX >= own.length;
    if (isLast && input.withRecord === true) input.trail.note({ revoked: revoked + alive });
    const trail = isLast && input.withRecord === true ? input.trail : undefined;
    const isDone = await deps.sessions.endTogether(
      together.map((ending) => written(deps, ending)),
      trail,
    );
    revoked += isDone ? alive : await oneByOne(deps, together);
  }
  return revoked;
}

type Ended = Ending & { readonly wasAlive: boolean };

/** What was over already ends as time ended it. */
function endNow(
  deps: RevokeSessionsDeps,
  session: Session,
  { tenant, reason, trail }: RevokeSessions,
): Ended {
  const nowMs = deps.now();
  const over = endOf(session, tenant.policy, nowMs);
  return over === undefined
    ? { session, end: { reason, atMs: nowMs }, by: endedBy(trail), wasAlive: true }
    : { session, end: over, by: endedByTime({ session, policy: tenant.policy }), wasAlive: false };
}

function written(deps: RevokeSessionsDeps, ending: Ending) {
  const { session, end, by } = ending;
  return { session, end, records: [endRecord(deps, ending)], retentionDays: by.retentionDays };
}

/** Where one of them moved meanwhile, the others end all the same. */
async function oneByOne(deps: RevokeSessionsDeps, endings: readonly Ended[]): Promise<number> {
  let revoked = 0;
  for (let from = 0; from < endings.length; from += AT_ONCE) {
    const ended = await Promise.all(
      endings.slice(from, from + AT_ONCE).map(async (ending) => {
        return (await endSession(deps, ending)) && ending.wasAlive;
      }),
    );
    revoked += ended.filter(Boolean).length;
  }
  return revoked;
}
