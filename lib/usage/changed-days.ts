import type { EpochMs } from "../time.ts";
import { type Aggregation, HOUR_MS, type UsageRow } from "./usage.ts";
import type { Series } from "./usage-event.ts";
import type { StoredDay } from "./usage-store.ts";

/** One day: the unit that rows are stored in. */
const DAY_MS: EpochMs = 24 * HOUR_MS;

/** Rows that take the place of those stored from `fromMs` on. */
export interface Replacement {
  readonly series: Series;
  readonly aggregation: Aggregation;
  readonly fromMs: EpochMs;
  /** By the hour, none before `fromMs`. */
  readonly rows: readonly UsageRow[];
  readonly stored: readonly StoredDay[];
}

/** The days that are another after the replacement than they are stored, the first one first. */
export function changedDays({
  series,
  aggregation,
  fromMs,
  rows,
  stored,
}: Replacement): readonly StoredDay[] {
  const { tenantId, resourceId, meter } = series;
  const before = new Map(stored.map((day) => [day.dayStartMs, day]));
  const after = Map.groupBy(rows, (row) => dayOf(row.bucketStartAtMs));
  const dayStarts = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b);
  return dayStarts.flatMap((dayStartMs) => {
    const was = before.get(dayStartMs);
    const kept = (was?.rows ?? []).filter((row) => row.bucketStartAtMs < fromMs);
    const day: StoredDay = {
      ...{ tenantId, resourceId, meter, dayStartMs, aggregation },
      rows: [...kept, ...(after.get(dayStartMs) ?? [])].sort(byHourThenHolder),
    };
    const isAsStored = was === undefined ? day.rows.length === 0 : textOf(was) === textOf(day);
    return isAsStored ? [] : [day];
  });
}

/** The start of the UTC day. */
export function dayOf(atMs: EpochMs): EpochMs {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}

function byHourThenHolder(a: UsageRow, b: UsageRow): number {
  if (a.bucketStartAtMs !== b.bucketStartAtMs) return a.bucketStartAtMs - b.bucketStartAtMs;
  return (a.holder?.sessionId ?? "") < (b.holder?.sessionId ?? "") ? -1 : 1;
}

function textOf({ aggregation, rows }: StoredDay): string {
  return JSON.stringify([
    aggregation,
    rows.map(({ bucketStartAtMs, holder, whole, values }) => [
      bucketStartAtMs,
      holder?.sessionId ?? null,
      `${whole}`,
      [...(values ?? [])].map(String).sort(),
    ]),
  ]);
}
