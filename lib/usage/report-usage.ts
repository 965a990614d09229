import { formatDecimal, roundTo } from "../decimal.ts";
import { byKeyThenMeter, type GroupName, groupUsage, type UsageGrouping } from "./group-usage.ts";
import { type MeterCatalog, metersIn } from "./meter-catalog.ts";
import type { Period, UsageRow } from "./usage.ts";
import type { UsageSource } from "./usage-source.ts";

/** What reporting usage needs. */
export interface ReportUsageDeps {
  readonly usage: Pick<UsageSource, "rows">;
  readonly catalog: MeterCatalog;
}

/** What to report of a tenant. */
export interface ReportUsage {
  readonly tenantId: string;
  readonly period: Period;
  readonly grouping: UsageGrouping;
  /** The one whose sessions' usage alone is shown. */
  readonly userId?: string | undefined;
  /** The session whose usage alone is shown. */
  readonly sessionId?: string | undefined;
  readonly limit: number;
  /** The group that the page before ended with. */
  readonly after?: GroupName | undefined;
}

/** One meter's usage in one group, rounded to 9 decimals half away from zero (contract section 11). */
export interface UsageLine {
  /** A meter, an id, or the start of an hour in epoch milliseconds; `null` for what no session or user used. */
  readonly key: string | number | null;
  readonly meter: string;
  readonly unit: string;
  readonly quantity: string;
  readonly unattributed: string;
}

const SHOWN_DECIMALS = 9;

/** Adds a tenant's usage up by groups, a page at a time in the order of the groups. */
export async function reportUsage(
  { usage, catalog }: ReportUsageDeps,
  { tenantId, period, grouping, userId, sessionId, limit, after }: ReportUsage,
): Promise<{ readonly lines: readonly UsageLine[]; readonly next?: GroupName }> {
  const definitions = await catalog.definitions();
  const meters = metersIn(definitions);
  const bucket = grouping === "hour" ? "hour" : "period";
  const rows = await usage.rows({ tenantId, period, meters, bucket });
  const groups = groupUsage(
    rows.filter((row) => isSeenBy(row, userId) && isOf(row, sessionId)),
    meters,
    grouping,
  );
  const lines = groups.map(({ key, meter, whole, unattributed, perUnit }) => ({
    ...{ key, meter, unit: definitions.get(meter)?.unit ?? "" },
    quantity: shown(whole, perUnit),
    unattributed: shown(unattributed, perUnit),
  }));
  const left = after === undefined ? lines : lines.filter((line) => byKeyThenMeter(line, after) > 0);
  const page = left.slice(0, limit);
  const last = page.at(-1);
  return { lines: page, ...(last === undefined || left.length <= limit ? {} : { next: last }) };
}

function isSeenBy({ holder }: UsageRow, userId: string | undefined): boolean {
  return userId === undefined || holder?.userId === userId;
}

function isOf({ holder }: UsageRow, sessionId: string | undefined): boolean {
  return sessionId === undefined || holder?.sessionId === sessionId;
}

function shown(whole: bigint, perUnit: bigint): string {
  return formatDecimal(roundTo({ over: whole, under: perUnit }, SHOWN_DECIMALS), SHOWN_DECIMALS);
}
