import { type Atto, greatestOf, sumOf } from "../decimal.ts";
import { assertNever } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import { type SessionLife, sessionLives } from "./holdings.ts";
import { type GaugeInput, gaugeSeries, type LevelSpan } from "./level-spans.ts";
import { type Aggregation, type CounterEvent, HOUR_MS, type SessionRef, type UsageRow } from "./usage.ts";

/** Everything that a tenant's usage of a period follows from, in any order and with any repetition. */
export interface MeteringInput extends GaugeInput {
  readonly counters: readonly CounterEvent[];
  /** One row for the whole period, or one for each UTC hour. */
  readonly bucket: "period" | "hour";
}

/**
 * Turns events into exact usage by meter, resource, session and bucket. What falls outside of every session has no
 * holder; rows of quantity zero are left out. Their order carries no meaning.
 */
export function meterUsage(input: MeteringInput): readonly UsageRow[] {
  return [...gaugeRows(input), ...counterRows(input)];
}

function gaugeRows(input: MeteringInput): readonly UsageRow[] {
  const rows: UsageRow[] = [];
  for (const { resourceId, meter, spans } of gaugeSeries(input)) {
    const sums = new Map<SessionRef | null, Map<EpochMs, bigint>>();
    for (const span of spans) addSpan(input, sums, span);
    for (const [holder, buckets] of sums) {
      for (const [bucketStartAtMs, whole] of buckets) {
        rows.push({ meter, resourceId, holder, bucketStartAtMs, whole });
      }
    }
  }
  return rows;
}

function addSpan(
  input: MeteringInput,
  sums: Map<SessionRef | null, Map<EpochMs, bigint>>,
  { holder, level, startAtMs, endAtMs }: LevelSpan,
): void {
  const buckets = sums.get(holder) ?? new Map<EpochMs, bigint>();
  sums.set(holder, buckets);
  for (let atMs = startAtMs; atMs < endAtMs; ) {
    const bucketStartAtMs = bucketStart(input, atMs);
    const untilMs = input.bucket === "hour" ? Math.min(endAtMs, bucketStartAtMs + HOUR_MS) : endAtMs;
    buckets.set(bucketStartAtMs, (buckets.get(bucketStartAtMs) ?? 0n) + level * BigInt(untilMs - atMs));
    atMs = untilMs;
  }
}

function counterRows(input: MeteringInput): readonly UsageRow[] {
  const lives = sessionLives(input.sessions);
  const rows: UsageRow[] = [];
  for (const [meter, ofMeter] of Map.groupBy(countedOnce(input), (event) => event.meter)) {
    const aggregation = input.meters.get(meter);
    if (aggregation === undefined || aggregation === "gauge") continue;
    for (const [resourceId, ofResource] of Map.groupBy(ofMeter, (event) => event.resourceId)) {
      for (const [holder, events] of Map.groupBy(ofResource, (event) => holderAt(lives, event))) {
        for (const total of bucketTotals(input, aggregation, events)) {
          rows.push({ meter, resourceId, holder, ...total });
        }
      }
    }
  }
  return rows;
}

function bucketTotals(
  input: MeteringInput,
  aggregation: Exclude<Aggregation, "gauge">,
  events: readonly CounterEvent[],
): readonly Pick<UsageRow, "bucketStartAtMs" | "whole" | "values">[] {
  return [...Map.groupBy(events, (event) => bucketStart(input, event.atMs))]
    .map(([bucketStartAtMs, ofBucket]) => ({
      bucketStartAtMs,
      ...aggregate(
        aggregation,
        ofBucket.map((event) => event.amount),
      ),
    }))
    .filter((total) => total.whole > 0n);
}

function countedOnce({ counters, period }: MeteringInput): readonly CounterEvent[] {
  const seen = new Set<string>();
  return counters.filter(({ id, atMs }) => {
    if (atMs < period.startAtMs || atMs >= period.endAtMs || seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

function holderAt(lives: ReadonlyMap<string, SessionLife>, event: CounterEvent): SessionRef | null {
  const life = lives.get(event.sessionId);
  const inside = life !== undefined && event.atMs >= life.startAtMs && event.atMs < life.endAtMs;
  return inside ? life.ref : null;
}

function bucketStart({ bucket, period }: MeteringInput, atMs: EpochMs): EpochMs {
  return bucket === "hour" ? Math.floor(atMs / HOUR_MS) * HOUR_MS : period.startAtMs;
}

function aggregate(
  aggregation: Exclude<Aggregation, "gauge">,
  amounts: readonly Atto[],
): Pick<UsageRow, "whole" | "values"> {
  switch (aggregation) {
    case "sum":
      return { whole: sumOf(amounts) };
    case "count":
      return { whole: BigInt(amounts.length) };
    case "max":
      return { whole: greatestOf(amounts) };
    case "unique": {
      const values = new Set(amounts);
      return { whole: BigInt(values.size), values };
    }
    default:
      return assertNever(aggregation);
  }
}
