import { greatestOf, sumOf } from "../decimal.ts";
import { assertNever } from "../errors.ts";
import { type MeteringInput, meterUsage } from "./meter-usage.ts";
import { type Aggregation, type Meters, type SessionRef, type UsageRow, wholeUnitsPerUnit } from "./usage.ts";

/** What one session used of a meter, in whole units. */
export interface SessionTotal extends SessionRef {
  readonly whole: bigint;
}

/** A meter's usage as it is rated. `whole / perUnit` is the exact quantity. */
export interface MeterTotal {
  readonly meter: string;
  readonly perUnit: bigint;
  /** All that sessions used; for `max` and `unique` not the sum of the sessions. */
  readonly whole: bigint;
  /** Those that used something: first started first, then by id. */
  readonly sessions: readonly SessionTotal[];
  /** What was used outside of every session, at no charge. */
  readonly unattributed: bigint;
}

/** Meters a period as one bucket and totals it: what a bill of the period is rated on. */
export function totalPeriod(input: Omit<MeteringInput, "bucket">): ReadonlyMap<string, MeterTotal> {
  return totalUsage(meterUsage({ ...input, bucket: "period" }), input.meters);
}

/** Adds rows up by meter and session, whatever buckets and resources they are of. Meters without usage are left out. */
export function totalUsage(rows: readonly UsageRow[], meters: Meters): ReadonlyMap<string, MeterTotal> {
  const totals = new Map<string, MeterTotal>();
  for (const [meter, ofMeter] of Map.groupBy(rows, (row) => row.meter)) {
    const aggregation = meters.get(meter);
    if (aggregation === undefined) continue;
    const bySession = Map.groupBy(ofMeter, (row) => row.holder?.sessionId ?? null);
    const outside = bySession.get(null) ?? [];
    totals.set(meter, {
      meter,
      perUnit: wholeUnitsPerUnit(aggregation),
      whole: mergeRows(
        aggregation,
        ofMeter.filter((row) => row.holder !== null),
      ),
      sessions: [...bySession.values()]
        .flatMap((ofSession) => sessionTotal(aggregation, ofSession))
        .sort(byStartThenId),
      unattributed: mergeRows(aggregation, outside),
    });
  }
  return totals;
}

/** The whole units of several rows of one meter, as if their events had been metered together. */
export function mergeRows(aggregation: Aggregation, rows: readonly UsageRow[]): bigint {
  switch (aggregation) {
    case "gauge":
    case "sum":
    case "count":
      return sumOf(rows.map((row) => row.whole));
    case "max":
      return greatestOf(rows.map((row) => row.whole));
    case "unique":
      return BigInt(new Set(rows.flatMap((row) => [...(row.values ?? [])])).size);
    default:
      return assertNever(aggregation);
  }
}

function sessionTotal(aggregation: Aggregation, rows: readonly UsageRow[]): readonly SessionTotal[] {
  const holder = rows[0]?.holder ?? null;
  return holder === null ? [] : [{ ...holder, whole: mergeRows(aggregation, rows) }];
}

function byStartThenId(a: SessionTotal, b: SessionTotal): number {
  if (a.startedAtMs !== b.startedAtMs) return a.startedAtMs - b.startedAtMs;
  return a.sessionId < b.sessionId ? -1 : 1;
}
