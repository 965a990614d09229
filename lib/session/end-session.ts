import type { ActivityRecord, Actor } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";
import type { TenantPolicy } from "./policy.ts";
import type { Session, SessionEnd } from "./session.ts";
import type { SessionStore } from "./session-store.ts";

/** What ending a session needs. `endRecordId` is derived from the session: whoever ends it makes the same id. */
export interface EndSessionDeps {
  readonly sessions: Pick<SessionStore, "end">;
  readonly endRecordId: (sessionId: string, atMs: EpochMs) => string;
  readonly now: () => EpochMs;
}

/** Who ended it and through which request; without one it was the system itself. */
export interface EndedBy {
  readonly actor: Actor;
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly source: ActivityRecord["source"];
  /** How long the record of the end is kept, counted from receipt. */
  readonly retentionDays: number;
}

/** One session's end, and who brought it about. */
export interface Ending {
  readonly session: Session;
  readonly end: SessionEnd;
  readonly by: EndedBy;
  readonly trail?: Trail;
}

/** A session whose time was found to be over, under the policy of this moment. */
export interface FoundEnd {
  readonly session: Session;
  readonly end: SessionEnd;
  readonly policy: TenantPolicy;
}

/** The system itself, which ends what timed out. */
export const SYSTEM_ACTOR: Actor = { type: "service", id: "active-session", name: "Active Session" };

/**
 * Ends a session once: with its one `session:end` record, in one transaction. `false` when it had ended before.
 * With a trail, the record of the request itself goes into the same transaction.
 */
export async function endSession(deps: EndSessionDeps, ending: Ending): Promise<boolean> {
  const { session, end, trail, by } = ending;
  const records = [endRecord(deps, ending)];
  return await deps.sessions.end({ session, end, records, trail, retentionDays: by.retentionDays });
}

/** Who a `session:end` record names when a request ended the session. */
export function endedBy(trail: Trail): EndedBy {
  const { actor, ip, userAgent, requestId, source } = trail.record();
  return { actor, ip, userAgent, requestId, source, retentionDays: trail.retentionDays() };
}

/** Who a `session:end` record names when time ended the session. */
export function endedByTime({
  session,
  policy,
}: {
  readonly session: Session;
  readonly policy: Pick<TenantPolicy, "activityRetentionDays">;
}): EndedBy {
  return {
    actor: SYSTEM_ACTOR,
    ip: session.ip,
    userAgent: session.userAgent,
    requestId: `end-${session.sessionId}`,
    source: "system",
    retentionDays: policy.activityRetentionDays,
  };
}

/** The one record of a session's end, at the time it logically ended. */
export function endRecord(
  deps: Pick<EndSessionDeps, "endRecordId" | "now">,
  { session, end, by }: Ending,
): ActivityRecord {
  return {
    id: deps.endRecordId(session.sessionId, end.atMs),
    tenantId: session.tenantId,
    timeMs: end.atMs,
    receivedAtMs: deps.now(),
    sessionId: session.sessionId,
    actor: by.actor,
    action: "session:end",
    resource: { type: "session", id: session.sessionId },
    outcome: "success",
    durationMs: 0,
    ip: by.ip,
    userAgent: by.userAgent,
    requestId: by.requestId,
    ...(session.workflow === undefined ? {} : { workflow: session.workflow }),
    source: by.source,
    attributes: { reason: end.reason, userId: session.userId },
  };
}

/** Ends a session that was found to be over. `false` when it had ended before. */
export async function endFoundSession(deps: EndSessionDeps, found: FoundEnd): Promise<boolean> {
  const { session, end } = found;
  return await endSession(deps, { session, end, by: endedByTime(found) });
}
