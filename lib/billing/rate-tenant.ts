import type { MeterTotal } from "../usage/total-usage.ts";
import type { Meters, Period, UsageRow } from "../usage/usage.ts";
import type { UsageSource } from "../usage/usage-source.ts";
import type { InvoiceContent } from "./invoice.ts";
import { metersOf, type RateCard } from "./rate-card.ts";
import { type RatedPart, ratePeriod } from "./rate-period.ts";
import { type CardPart, splitByCard } from "./split-by-card.ts";

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
export async function usedParts(deps: RateTenantDeps, input: RateTenant): Promise<readonly RatedPart[]> {
  const parts = await rowsByCard(deps, input);
  return parts.map(({ part, meters, rows }) => ({ ...part, usage: deps.totalUsage(rows, meters) }));
}

/** Usage in a part of a period, by the meters of the card in force in it. */
export interface CardRows {
  readonly part: CardPart;
  readonly meters: Meters;
  readonly rows: readonly UsageRow[];
}

/** The parts of a period that a card was in force in, with the rows of what the tenant used in each. */
export async function rowsByCard(
  { usage, builtInMeters }: Pick<RateTenantDeps, "usage" | "builtInMeters">,
  { tenantId, period, cards }: RateTenant,
): Promise<readonly CardRows[]> {
  return await Promise.all(
    splitByCard(period, cards).map(async (part) => {
      const meters = metersOf(part.card, builtInMeters);
      const rows = await usage.rows({ tenantId, period: part.period, meters, bucket: "period" });
      return { part, meters, rows };
    }),
  );
}

/** Rates parts together; `undefined` where there is none. */
export function rateParts(period: Period, parts: readonly RatedPart[]): InvoiceContent | undefined {
  const [first, ...rest] = parts;
  return first === undefined ? undefined : ratePeriod(period, [first, ...rest]);
}
