import type { Tenant } from "../identity/tenant.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { EpochMs } from "../time.ts";
import type { ActivityRecord } from "./activity.ts";
import type { BroughtRecord } from "./cloudtrail.ts";

/** A record of another service, with the sender's name of itself and what it may say beside it. */
export type IngestRecord = BroughtRecord &
  Partial<Pick<ActivityRecord, "sessionId" | "taskId" | "durationMs">> & {
    /** The sender's name of itself: with `id` it counts once in a tenant. */
    readonly source: string;
  };

/** A record that was not taken, by its place in the batch. */
export interface RejectedActivity {
  readonly index: number;
  readonly code: "activity.invalid" | "activity.time_out_of_range" | "activity.session_unknown";
  readonly message: string;
}

/** A batch as it was sent, after its form was checked. */
export interface IngestActivity {
  readonly tenant: Tenant;
  /** The request that brought it: a record that names no request of its own came through this one. */
  readonly requestId: string;
  readonly records: readonly { readonly index: number; readonly record: IngestRecord }[];
  readonly rejected: readonly RejectedActivity[];
}

/** What became of a batch. Every record is counted once, in one of the three. */
export interface IngestedActivity {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedActivity[];
}

/** Takes records of other services in, each `origin` once. */
export interface ActivityIntake {
  /**
   * Adds records, each with the claim of its origin in one transaction, and answers with the ids of those whose origin
   * had been claimed before. A part may be stored when it throws: repeating it is harmless.
   */
  add(records: readonly ActivityRecord[], retentionDays: number): Promise<ReadonlySet<string>>;
}

/** What taking records in needs. `recordId` gives the same id for the same material, and sorts by time. */
export interface IngestActivityDeps {
  readonly intake: ActivityIntake;
  readonly sessions: Pick<SessionStore, "getMany">;
  readonly recordId: (atMs: EpochMs, material: string) => string;
  readonly now: () => EpochMs;
}

/** How far ahead of ours a sender's clock may be, as for usage (contract section 9). */
const AHEAD_MS_MAX: EpochMs = 5 * 60_000;
/** How old a record may be: as long as the longest retention (contract section 3). */
const AGE_MS_MAX: EpochMs = 3650 * 86_400_000;

/**
 * Takes the records of other services into the log of the tenant, each source and id once, however often and from how
 * many sides at once they are sent. Of a batch the good ones are taken, whatever the others are.
 * @throws AppError `unavailable`, after which the same batch can be sent again
 */
export async function ingestActivity(
  deps: IngestActivityDeps,
  input: IngestActivity,
): Promise<IngestedActivity> {
  const nowMs = deps.now();
  const { tenantId, policy } = input.tenant;
  const known = await knownSessions(deps, tenantId, input.records);
  const rejected = [...input.rejected];
  const records = new Map<string, ActivityRecord>();
  let duplicates = 0;
  for (const { index, record } of input.records) {
    const problem = problemWith(record, known, nowMs);
    if (problem !== undefined) {
      rejected.push({ index, ...problem });
      continue;
    }
    // A transaction holds a claim once: what a batch brings twice is told apart here.
    const origin = JSON.stringify([record.source, record.id]);
    if (records.has(origin)) duplicates += 1;
    else records.set(origin, toActivity(deps, input, { record, nowMs }));
  }
  const before = await deps.intake.add([...records.values()], policy.activityRetentionDays);
  return {
    accepted: records.size - before.size,
    duplicates: duplicates + before.size,
    rejected: rejected.sort((a, b) => a.index - b.index),
  };
}

async function knownSessions(
  deps: Pick<IngestActivityDeps, "sessions">,
  tenantId: string,
  records: IngestActivity["records"],
): Promise<ReadonlySet<string>> {
  const ids = records.flatMap(({ record }) => (record.sessionId === undefined ? [] : [record.sessionId]));
  const sessions = await deps.sessions.getMany(tenantId, [...new Set(ids)]);
  return new Set(sessions.map((session) => session.sessionId));
}

function problemWith(
  { timeMs, sessionId }: IngestRecord,
  knownSessionIds: ReadonlySet<string>,
  nowMs: EpochMs,
): Omit<RejectedActivity, "index"> | undefined {
  if (timeMs > nowMs + AHEAD_MS_MAX) {
    return { code: "activity.time_out_of_range", message: "time is more than 5 minutes ahead" };
  }
  if (timeMs < nowMs - AGE_MS_MAX) {
    return { code: "activity.time_out_of_range", message: "time is more than 3650 days back" };
  }
  if (sessionId !== undefined && !knownSessionIds.has(sessionId)) {
    return { code: "activity.session_unknown", message: "sessionId is not a session of this tenant" };
  }
  return undefined;
}

function toActivity(
  deps: Pick<IngestActivityDeps, "recordId">,
  { tenant, requestId }: IngestActivity,
  { record, nowMs }: { readonly record: IngestRecord; readonly nowMs: EpochMs },
): ActivityRecord {
  const { source, id, ...brought } = record;
  return {
    durationMs: 0,
    requestId,
    ...brought,
    id: deps.recordId(record.timeMs, JSON.stringify([tenant.tenantId, source, id])),
    tenantId: tenant.tenantId,
    receivedAtMs: nowMs,
    source: "ingest",
    origin: { source, id },
  };
}
