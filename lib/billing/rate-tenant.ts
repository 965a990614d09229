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

/**
 * Rates what a tenant used in a period on the cards that were in force in it, by the same arithmetic as
 * `POST /v1/billing/simulate`. `undefined` where no card was in force.
 */
export async function rateTenant(
  deps: RateTenantDeps,
  {
    tenantId,
    period,
    cards,
  }: { readonly tenantId: string; readonly period: Period; readonly cards: readonly RateCard[] },
): Promise<InvoiceContent | undefined> {
  const [first, ...rest] = await Promise.all(
    splitByCard(period, cards).map(async (part): Promise<RatedPart> => {
      const meters = metersOf(part.card, deps.builtInMeters);
      const rows = await deps.usage.rows({ tenantId, period: part.period, meters, bucket: "period" });
      return { ...part, usage: deps.totalUsage(rows, meters) };
    }),
  );
  return first === undefined ? undefined : ratePeriod(period, [first, ...rest]);
}
