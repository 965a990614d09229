import type { MeterTotal } from "../usage/total-usage.ts";
import type { Meters, Period, UsageRow } from "../usage/usage.ts";
import type { UsageSource } from "../usage/usage-source.ts";
import type { InvoiceContent } from "./invoice.ts";
import { metersOf, type RateCard } from "./rate-card.ts";
import { type RatedPart, ratePeriod } from "./rate-period.ts";
import { splitByCard } from "./split-by-card.ts";

/** What rating a tenant's period needs. */
export interface RateTenantDeps {
  readonly usage: Pick<UsageSource, "rows">;
  readonly builtInMeters: Meters;
  readonly totalUsage: (rows: readonly UsageRow[], meters: Meters) => ReadonlyMap<string, MeterTotal>;
}

/** Whose period to rate, on which cards. */
export interface RateTenant {
  readonly tenantId: string;
  readonly period: Period;
  readonly cards: readonly RateCard[];
}

/**
 * Rates what a tenant used in a period on the cards that were in force in it, by the same arithmetic as
 * `POST /v1/billing/simulate`. `undefined` where no card was in force.
 */
export async function rateTenant(
  deps: RateTenantDeps,
  input: RateTenant,
): Promise<InvoiceContent | undefined> {
  return rateParts(input.period, await usedParts(deps, input));
}

/** The parts of a period that a card was in force in, with what the tenant used in each. */
export async function usedParts(
  { usage, builtInMeters, totalUsage }: RateTenantDeps,
  { tenantId, period, cards }: RateTenant,
): Promise<readonly RatedPart[]> {
  return await Promise.all(
    splitByCard(period, cards).map(async (part): Promise<RatedPart> => {
      const meters = metersOf(part.card, builtInMeters);
      const rows = await usage.rows({ tenantId, period: part.period, meters, bucket: "period" });
      return { ...part, usage: totalUsage(rows, meters) };
    }),
  );
}

/** Rates parts together; `undefined` where there is none. */
export function rateParts(period: Period, parts: readonly RatedPart[]): InvoiceContent | undefined {
  const [first, ...rest] = parts;
  return first === undefined ? undefined : ratePeriod(period, [first, ...rest]);
}
