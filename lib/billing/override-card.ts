import type { MeterPrice, RateCard } from "./rate-card.ts";

/** What one tenant pays instead of the card: the meters named, and the charges given. */
export type CardOverride = Partial<Pick<RateCard, "meters" | "minimumCharge" | "taxRate">>;

/** The card as it is for one tenant: a meter of the override takes the place of the card's, a new one comes after. */
export function overrideCard(card: RateCard, override: CardOverride): RateCard {
  const { meters: own = [], ...charges } = override;
  const replaced = card.meters.map((price) =>
    replace(
      price,
      own.find(({ meter }) => meter === price.meter),
    ),
  );
  const added = own.filter(({ meter }) => card.meters.every((price) => price.meter !== meter));
  return { ...card, ...charges, meters: [...replaced, ...added] };
}

/** Another price does not change what is metered. */
function replace(price: MeterPrice, own: MeterPrice | undefined): MeterPrice {
  if (own === undefined) return price;
  return own.aggregation === undefined && price.aggregation !== undefined
    ? { ...own, aggregation: price.aggregation }
    : own;
}
