import { assertNever } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import { sideBySide } from "./side-by-side.ts";
import type { Aggregation, Attachment, Meters, Period } from "./usage.ts";
import { countOf, readingOf, type Series, type StoredEvent, type UsageEvent } from "./usage-event.ts";
import type { KnownSession, UsageInputs } from "./usage-source.ts";
import type { UsageHistory } from "./usage-store.ts";

/** A stretch of a series whose events are wanted. */
export interface Stretch {
  readonly series: Series;
  readonly period: Period;
}

/** A stretch with all that its usage follows from. */
export interface GatheredStretch extends Stretch {
  readonly inputs: UsageInputs;
}

/** Which stretches of a tenant to gather, metered how. */
export interface GatherQuery {
  readonly tenantId: string;
  readonly meters: Meters;
  readonly stretches: readonly Stretch[];
  /** The resource that all stretches are of, where they are of one. */
  readonly resourceId?: string | undefined;
  /** Gathers what counted at this time, whatever has come in or was taken back since. */
  readonly asOfMs?: EpochMs | undefined;
}

/** Reads that are on their way at the same time. */
const READS_AT_ONCE = 32;

/** Reads the events of stretches, who held their resources, and the sessions that it is all about. */
export async function gatherEvents(
  history: UsageHistory,
  { tenantId, meters, stretches, resourceId, asOfMs }: GatherQuery,
): Promise<readonly GatheredStretch[]> {
  if (stretches.length === 0) return [];
  const hull = hullOf(stretches.map(({ period }) => period));
  const [eventsOf, attachments] = await Promise.all([
    sideBySide(stretches, READS_AT_ONCE, ({ series, period }) =>
      eventsIn(history, { series, period, aggregation: meters.get(series.meter), asOfMs }),
    ),
    history.attachments(tenantId, hull, resourceId),
  ]);
  const sessions = await history.sessions(tenantId, sessionIdsIn(eventsOf.flat(), attachments));
  const known = new Map(sessions.map((session) => [session.sessionId, session]));
  const held = Map.groupBy(attachments, (attachment) => attachment.resourceId);
  return stretches.map((stretch, place) => {
    const events = eventsOf[place] ?? [];
    const ofResource = held.get(stretch.series.resourceId) ?? [];
    return { ...stretch, inputs: inputsOf(stretch.period, { events, attachments: ofResource, known }) };
  });
}

/** How the events of a meter are kept. */
export function kindOf(aggregation: Aggregation): UsageEvent["kind"] {
  return aggregation === "gauge" ? "gauge" : "counter";
}

/** The sessions that events and attachments speak of. */
function sessionIdsIn(events: readonly UsageEvent[], attachments: readonly Attachment[]): readonly string[] {
  const counted = events.flatMap(({ sessionId }) => (sessionId === undefined ? [] : [sessionId]));
  return [...new Set([...counted, ...attachments.map(({ sessionId }) => sessionId)])];
}

async function eventsIn(
  history: UsageHistory,
  {
    series,
    period,
    aggregation,
    asOfMs,
  }: Stretch & {
    readonly aggregation: Aggregation | undefined;
    readonly asOfMs: EpochMs | undefined;
  },
) {
  if (aggregation === undefined) return [];
  return await history.events(series, { kind: kindOf(aggregation), period, asOfMs });
}

function inputsOf(
  period: Period,
  from: {
    readonly events: readonly StoredEvent[];
    readonly attachments: readonly Attachment[];
    readonly known: ReadonlyMap<string, KnownSession>;
  },
): UsageInputs {
  const { events, attachments, known } = from;
  const gauges: UsageInputs["gauges"][number][] = [];
  const counters: UsageInputs["counters"][number][] = [];
  for (const event of events) {
    switch (event.kind) {
      case "gauge":
        gauges.push(readingOf(event));
        break;
      case "counter":
        counters.push(countOf(event));
        break;
      default:
        assertNever(event.kind);
    }
  }
  const sessions = sessionIdsIn(events, attachments).flatMap((id) => known.get(id) ?? []);
  return { period, sessions, attachments, gauges, counters };
}

function hullOf(periods: readonly Period[]): Period {
  return {
    startAtMs: periods.reduce((least, { startAtMs }) => Math.min(least, startAtMs), Number.POSITIVE_INFINITY),
    endAtMs: periods.reduce((most, { endAtMs }) => Math.max(most, endAtMs), 0),
  };
}
