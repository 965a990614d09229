import type { CardStore } from "./card-store.ts";
import { overrideCard } from "./override-card.ts";
import type { RateCard } from "./rate-card.ts";
import type { TermsStore } from "./terms.ts";

/** Which prices something was rated with: the newest rate card and the newest terms of its time, 0 for none. */
export interface PriceVersions {
  readonly card: number;
  readonly terms: number;
}

/** What telling a tenant's prices needs. */
export interface TenantPricesDeps {
  readonly cards: Pick<CardStore, "all">;
  readonly terms: Pick<TermsStore, "newest" | "get">;
}

/** The rate cards as they are for one tenant. */
export interface TenantPrices {
  readonly cards: readonly RateCard[];
  readonly pricedBy: PriceVersions;
}

/** The prices of a tenant as they are now, or as they were when something became final. */
export async function pricesOf(
  { cards, terms }: TenantPricesDeps,
  tenantId: string,
  pricedBy?: PriceVersions,
): Promise<TenantPrices> {
  const [all, own] = await Promise.all([
    cards.all(),
    pricedBy === undefined ? terms.newest(tenantId) : terms.get(tenantId, pricedBy.terms),
  ]);
  const known = all.filter(({ version }) => pricedBy === undefined || (version ?? 0) <= pricedBy.card);
  return {
    cards: known.map((card) => overrideCard(card, own.override)),
    pricedBy: pricedBy ?? {
      card: Math.max(0, ...all.map(({ version }) => version ?? 0)),
      terms: own.version,
    },
  };
}
