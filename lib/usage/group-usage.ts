import { assertNever } from "../errors.ts";
import { mergeRows } from "./total-usage.ts";
import { type Meters, type UsageRow, wholeUnitsPerUnit } from "./usage.ts";

/** What usage can be grouped by (contract section 9). */
export type UsageGrouping = "meter" | "session" | "user" | "resource" | "hour";

/** What a group is told by. */
export type GroupName = Pick<UsageGroup, "key" | "meter">;

/** One meter's usage in one group. `whole / perUnit` and `unattributed / perUnit` are the exact quantities. */
export interface UsageGroup {
  /** A meter, an id, or the start of an hour in epoch milliseconds; `null` for what no session or user used. */
  readonly key: string | number | null;
  readonly meter: string;
  readonly perUnit: bigint;
  readonly whole: bigint;
  readonly unattributed: bigint;
}

/** Groups rows for showing, in the order of their keys and meters; `hour` needs rows by the hour. */
export function groupUsage(
  rows: readonly UsageRow[],
  meters: Meters,
  grouping: UsageGrouping,
): readonly UsageGroup[] {
  const groups: UsageGroup[] = [];
  for (const [key, ofKey] of Map.groupBy(rows, (row) => keyOf(row, grouping))) {
    for (const [meter, ofMeter] of Map.groupBy(ofKey, (row) => row.meter)) {
      const aggregation = meters.get(meter);
      if (aggregation === undefined) continue;
      const { held = [], outside = [] } = Object.groupBy(ofMeter, (row) => (row.holder ? "held" : "outside"));
      groups.push({
        key,
        meter,
        perUnit: wholeUnitsPerUnit(aggregation),
        whole: mergeRows(aggregation, held),
        unattributed: mergeRows(aggregation, outside),
      });
    }
  }
  return groups.sort(byKeyThenMeter);
}

function keyOf(row: UsageRow, grouping: UsageGrouping): UsageGroup["key"] {
  switch (grouping) {
    case "meter":
      return row.meter;
    case "session":
      return row.holder?.sessionId ?? null;
    case "user":
      return row.holder?.userId ?? null;
    case "resource":
      return row.resourceId;
    case "hour":
      return row.bucketStartAtMs;
    default:
      return assertNever(grouping);
  }
}

/** The order of groups: by their keys, nobody's last, and then by their meters. */
export function byKeyThenMeter(a: GroupName, b: GroupName): number {
  if (a.key === b.key) return a.meter === b.meter ? 0 : a.meter < b.meter ? -1 : 1;
  if (a.key === null || b.key === null) return a.key === null ? 1 : -1;
  return a.key < b.key ? -1 : 1;
}
