import { AppError } from "../errors.ts";
import { type EpochMs, monthAround } from "../time.ts";
import type { MeterTotal } from "../usage/total-usage.ts";
import type { Aggregation, Meters, Period } from "../usage/usage.ts";
import { creditBalance } from "./apply-credits.ts";
import type { CreditStore } from "./credit-store.ts";
import type { InvoiceContent } from "./invoice.ts";
import { metersOf } from "./rate-card.ts";
import type { RatedPart } from "./rate-period.ts";
import { type RateTenantDeps, rateParts, usedParts } from "./rate-tenant.ts";
import { pricesOf, type TenantPricesDeps } from "./tenant-prices.ts";

/** What a preview needs. */
export interface PreviewMonthDeps extends RateTenantDeps, TenantPricesDeps {
  readonly credits: Pick<CreditStore, "all">;
  readonly now: () => EpochMs;
}

/** The month so far, and what the whole of it will cost at this rate. */
export interface MonthPreview extends InvoiceContent {
  readonly forecast: { readonly total: string; readonly method: "run_rate" };
  /** What credits that can be used now would pay. */
  readonly creditBalance: string;
}

/**
 * Rates the present month up to this moment, and the whole of it as if usage went on as it did under the present card:
 * allowances, tiers and the minimum are those of the whole month.
 * @throws AppError `unprocessable` where no rate card is in force yet
 */
export async function previewMonth(deps: PreviewMonthDeps, tenantId: string): Promise<MonthPreview> {
  const nowMs = deps.now();
  const month = monthAround(nowMs);
  const soFar = monthSoFar(nowMs);
  const { cards } = await pricesOf(deps, tenantId);
  const parts = await usedParts(deps, { tenantId, period: soFar, cards });
  const content = rateParts(soFar, parts);
  const goneOn = rateParts(
    month,
    parts.map((part) => goOn(part, { fromMs: soFar.endAtMs, toMs: month.endAtMs }, deps.builtInMeters)),
  );
  if (content === undefined || goneOn === undefined) {
    throw new AppError("unprocessable", "No rate card is in force this month.");
  }
  return {
    ...content,
    forecast: { total: goneOn.total, method: "run_rate" },
    creditBalance: creditBalance(await deps.credits.all(tenantId), content.currency, nowMs),
  };
}

/** The present month up to a moment of it, and not less than its first millisecond. */
export function monthSoFar(nowMs: EpochMs): Period {
  const { startAtMs } = monthAround(nowMs);
  return { startAtMs, endAtMs: Math.max(nowMs, startAtMs + 1) };
}

/** The part that lasts until now, as it is when it goes on as it did. */
function goOn(
  part: RatedPart,
  { fromMs, toMs }: { readonly fromMs: EpochMs; readonly toMs: EpochMs },
  builtIn: Meters,
): RatedPart {
  if (part.period.endAtMs !== fromMs) return part;
  const period = { ...part.period, endAtMs: toMs };
  const meters = metersOf(part.card, builtIn);
  const usage = [...part.usage].map(([meter, total]): [string, MeterTotal] => [
    meter,
    { ...total, whole: grown(total.whole, { from: part.period, to: period }, meters.get(meter)) },
  ]);
  return { ...part, period, usage: new Map(usage) };
}

/** Time adds to a level and to a count; it makes a peak no higher and nobody new. */
function grown(
  whole: bigint,
  { from, to }: { readonly from: Period; readonly to: Period },
  aggregation: Aggregation | undefined,
): bigint {
  if (aggregation === "max" || aggregation === "unique") return whole;
  return (whole * BigInt(to.endAtMs - to.startAtMs)) / BigInt(from.endAtMs - from.startAtMs);
}
