import type { Atto } from "../decimal.ts";
import type { EpochMs } from "../time.ts";
import type { GatheredStretch } from "../usage/gather-events.ts";
import type { GaugeInput, GaugeSeries, LevelSpan } from "../usage/level-spans.ts";
import type { Attachment, GaugeReading, Meters, Period } from "../usage/usage.ts";
import type { KnownSession, Recorded } from "../usage/usage-source.ts";

/** What made an interval begin or end. */
export type BoundaryCause =
  /** The resource's level changed. */
  | "reading"
  | "attached"
  | "detached"
  | "session_started"
  | "session_ended"
  /** It was so before the period began, or was still so when it ended. */
  | "period"
  /** Another session, which had attached before, let go; or the one before this one took over. */
  | "other_session";

/** Where an interval begins or ends, and the activity record behind it where there is one. */
export interface Boundary {
  readonly atMs: EpochMs;
  readonly by: BoundaryCause;
  readonly activityId: string | null;
}

/** A gauge stood at one level while one session held its resource. */
export interface EvidenceInterval {
  readonly sessionId: string;
  readonly resourceId: string;
  readonly level: Atto;
  readonly began: Boundary;
  readonly ended: Boundary;
}

/** What finding intervals needs of metering. */
export interface FindIntervalsDeps {
  readonly gaugeSeries: (input: GaugeInput) => Iterable<GaugeSeries>;
  /** The record of a session's end. */
  readonly endRecordId: (sessionId: string, atMs: EpochMs) => string;
}

/** The intervals that sessions are charged for by a gauge of one resource, in the order of time. */
export function findIntervals(
  deps: FindIntervalsDeps,
  { inputs, period }: GatheredStretch,
  meters: Meters,
): readonly EvidenceInterval[] {
  const facts = factsOf(inputs, period);
  return [...deps.gaugeSeries({ ...inputs, period, meters })].flatMap(({ resourceId, spans }) =>
    [...spans].flatMap((span) => {
      const sessionId = span.holder?.sessionId;
      if (sessionId === undefined) return [];
      return [
        {
          ...{ sessionId, resourceId, level: span.level },
          began: beginningOf(facts, span, sessionId),
          ended: endOf(deps, facts, { span, sessionId }),
        },
      ];
    }),
  );
}

/** Level × milliseconds: what intervals are added up in before anything is divided or rounded. */
export function levelTimeOf({ level, began, ended }: EvidenceInterval): bigint {
  return level * BigInt(ended.atMs - began.atMs);
}

interface Facts {
  readonly period: Period;
  readonly readings: readonly (GaugeReading & Recorded)[];
  readonly attachments: readonly Attachment[];
  readonly sessions: ReadonlyMap<string, KnownSession>;
}

function factsOf({ gauges, attachments, sessions }: GatheredStretch["inputs"], period: Period): Facts {
  return {
    period,
    // Of two readings at one instant the one with the greater id holds: it comes last.
    readings: [...gauges].sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1)),
    attachments,
    sessions: new Map(sessions.map((session) => [session.sessionId, session])),
  };
}

function beginningOf(facts: Facts, { startAtMs: atMs }: LevelSpan, sessionId: string): Boundary {
  const { readings, attachments, sessions, period } = facts;
  const inForce = readings.findLast((reading) => reading.atMs <= atMs);
  const own = attachments.filter((attachment) => attachment.sessionId === sessionId);
  const attached = own.find(({ fromAtMs }) => fromAtMs === atMs);
  const importedBy = sessions.get(sessionId)?.isImported === true ? own[0]?.beganBy : undefined;
  if (inForce?.atMs === atMs) return boundary(atMs, "reading", inForce.activityId);
  if (attached !== undefined) return boundary(atMs, "attached", attached.beganBy);
  if (sessions.get(sessionId)?.startedAtMs === atMs) return boundary(atMs, "session_started", importedBy);
  if (atMs === period.startAtMs) return boundary(atMs, "period", inForce?.activityId);
  return boundary(atMs, "other_session", leavingAt(facts, atMs));
}

function endOf(
  { endRecordId }: Pick<FindIntervalsDeps, "endRecordId">,
  facts: Facts,
  { span, sessionId }: { readonly span: LevelSpan; readonly sessionId: string },
): Boundary {
  const { readings, attachments, sessions, period } = facts;
  const atMs = span.endAtMs;
  const next = readings.findLast((reading) => reading.atMs === atMs);
  const own = attachments.filter((attachment) => attachment.sessionId === sessionId);
  const session = sessions.get(sessionId);
  if (next !== undefined) return boundary(atMs, "reading", next.activityId);
  if (session?.endedAtMs === atMs) {
    const record = session.isImported ? own[0]?.endedBy : endRecordId(sessionId, atMs);
    return boundary(atMs, "session_ended", record);
  }
  const detached = own.find(({ toAtMs }) => toAtMs === atMs);
  if (detached !== undefined) return boundary(atMs, "detached", detached.endedBy);
  if (atMs === period.endAtMs) return boundary(atMs, "period", undefined);
  return boundary(atMs, "other_session", attachments.find(({ fromAtMs }) => fromAtMs === atMs)?.beganBy);
}

/** The record of whoever else let go of the resource at that moment. */
function leavingAt({ attachments, sessions }: Facts, atMs: EpochMs): string | undefined {
  return attachments.find(
    ({ sessionId, toAtMs }) => toAtMs === atMs || sessions.get(sessionId)?.endedAtMs === atMs,
  )?.endedBy;
}

function boundary(atMs: EpochMs, by: BoundaryCause, activityId: string | undefined): Boundary {
  return { atMs, by, activityId: activityId ?? null };
}
