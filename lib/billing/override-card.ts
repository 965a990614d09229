import type { RateCard } from "./rate-card.ts";

/** What one tenant pays instead of the card: the meters named, and the charges given. */
export type CardOverride = Partial<Pick<RateCard, "meters" | "minimumCharge" | "taxRate">>;

/** The card as it is for one tenant: a meter of the override takes the place of the card's, a new one comes after. */
export function overrideCard(card: RateCard, override: CardOverride): RateCard {
  const { meters: own = [], ...charges } = override;
  const replaced = card.meters.map((price) => own.find(({ meter }) => meter === price.meter) ?? price);
  const added = own.filter(({ meter }) => card.meters.every((price) => price.meter !== meter));
  return { ...card, ...charges, meters: [...replaced, ...added] };
}
