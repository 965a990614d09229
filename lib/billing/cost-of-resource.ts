import { formatDecimal, roundTo, sumOf } from "../decimal.ts";
import { AppError } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { UsageGroup } from "../usage/group-usage.ts";
import type { Meters, Period, UsageRow } from "../usage/usage.ts";
import { minorUnitOf } from "./currency.ts";
import { type InvoiceLine, QUANTITY_DECIMALS } from "./invoice.ts";
import { readMoney } from "./money.ts";
import { monthSoFar } from "./preview-month.ts";
import { type CardRows, type RateTenantDeps, rateParts, rowsByCard } from "./rate-tenant.ts";
import { spreadAmount } from "./spread-amount.ts";
import { pricesOf, type TenantPricesDeps } from "./tenant-prices.ts";

/** What telling a resource's cost needs. */
export interface CostOfResourceDeps extends RateTenantDeps, TenantPricesDeps {
  /** Usage by resource and meter. */
  readonly groupUsage: (rows: readonly UsageRow[], meters: Meters, by: "resource") => readonly UsageGroup[];
  readonly now: () => EpochMs;
}

/** What a resource used of one meter, and its part of the tenant's charge for it. */
export interface ResourceCostLine {
  readonly meter: string;
  /** 9 decimals. */
  readonly quantity: string;
  readonly unit: string;
  readonly amount: string;
}

/** A resource's part of the month so far, before taxes and the minimum, which belong to no resource. */
export interface ResourceCost {
  readonly period: Period;
  readonly currency: string;
  readonly amount: string;
  readonly lines: readonly ResourceCostLine[];
}

/**
 * Tells what a resource has cost this month, to this very moment. Each line of the tenant's month is spread over its
 * resources by what they used, so that the costs of all resources add up to it; shares of tiers and allowances move
 * with all that the tenant uses until the month is over.
 * @throws AppError `unprocessable` where no rate card is in force yet
 */
export async function costOfResource(
  deps: CostOfResourceDeps,
  { tenantId, resourceId }: { readonly tenantId: string; readonly resourceId: string },
): Promise<ResourceCost> {
  const period = monthSoFar(deps.now());
  const { cards } = await pricesOf(deps, tenantId);
  const parts = await rowsByCard(deps, { tenantId, period, cards });
  const currency = parts[0]?.part.card.currency;
  if (currency === undefined) throw new AppError("unprocessable", "No rate card is in force this month.");
  const lines = parts.flatMap((part) => linesIn(deps, part, resourceId));
  const amount = sumOf(lines.map((line) => readMoney(line.amount, currency)));
  return { period, currency, amount: formatDecimal(amount, minorUnitOf(currency)), lines };
}

function linesIn(
  { totalUsage, groupUsage }: CostOfResourceDeps,
  { part, meters, rows }: CardRows,
  resourceId: string,
): readonly ResourceCostLine[] {
  const content = rateParts(part.period, [{ ...part, usage: totalUsage(rows, meters) }]);
  const byMeter = Map.groupBy(groupUsage(rows, meters, "resource"), ({ meter }) => meter);
  return (content?.lines ?? []).flatMap((line) =>
    shareOf(line, { groups: byMeter.get(line.meter) ?? [], resourceId, currency: part.card.currency }),
  );
}

/** A resource's share of a line; none where it used nothing of it. */
function shareOf(
  { meter, unit, amount }: InvoiceLine,
  {
    groups,
    resourceId,
    currency,
  }: { readonly groups: readonly UsageGroup[]; readonly resourceId: string; readonly currency: string },
): readonly ResourceCostLine[] {
  const place = groups.findIndex(({ key, whole }) => key === resourceId && whole > 0n);
  const group = groups[place];
  if (group === undefined) return [];
  const shares = spreadAmount(
    readMoney(amount, currency),
    groups.map(({ whole }) => whole),
  );
  const quantity = roundTo({ over: group.whole, under: group.perUnit }, QUANTITY_DECIMALS);
  return [
    {
      ...{ meter, unit },
      quantity: formatDecimal(quantity, QUANTITY_DECIMALS),
      amount: formatDecimal(shares[place] ?? 0n, minorUnitOf(currency)),
    },
  ];
}
