import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";
import { touchesOf } from "./record-usage.ts";
import type { OpenSeriesStore, UsageEventStore } from "./usage-store.ts";

/** What taking events back needs. */
export interface VoidUsageDeps {
  readonly events: Pick<UsageEventStore, "find" | "markVoid">;
  readonly openSeries: Pick<OpenSeriesStore, "touch">;
  readonly now: () => EpochMs;
}

/** Which events are taken back, and why. */
export interface VoidUsage {
  readonly tenantId: string;
  readonly source: string;
  /** At most `VOID_IDS_MAX`, each once. */
  readonly ids: readonly string[];
  readonly reason: string;
  readonly trail: Trail;
}

/** Events that fit into one transaction with the record of what was done. */
export const VOID_IDS_MAX = 90;

/**
 * Takes events back, all of those that are there or none, with the record of it. They are kept and count for nothing,
 * their names stay taken. Taking one back twice changes nothing.
 * @returns the ids that are void now, and those that nobody knows
 */
export async function voidUsage(
  deps: VoidUsageDeps,
  { tenantId, source, ids, reason, trail }: VoidUsage,
): Promise<{ readonly voided: readonly string[]; readonly unknown: readonly string[] }> {
  const found = await deps.events.find(
    tenantId,
    ids.map((id) => ({ source, id })),
  );
  const known = new Set(found.map(({ id }) => id));
  const outcome = { voided: ids.filter((id) => known.has(id)), unknown: ids.filter((id) => !known.has(id)) };
  trail.note({ source, reason, ...outcome });
  const valid = found.filter(({ voided }) => voided === undefined);
  if (valid.length === 0) return outcome;
  const nowMs = deps.now();
  await deps.openSeries.touch(touchesOf(valid), nowMs);
  await deps.events.markVoid(valid, { atMs: nowMs, reason, activityId: trail.record().id }, trail);
  return outcome;
}
