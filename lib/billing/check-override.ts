import type { Aggregation, Meters } from "../usage/usage.ts";
import { type CardProblem, checkRateCard } from "./check-rate-card.ts";
import type { CardOverride } from "./override-card.ts";
import type { RateCard } from "./rate-card.ts";

/**
 * Finds everything that keeps an override from being used: what would be wrong with a card of these meters, and meters
 * that no card prices, because no usage of them could come in.
 */
export function checkOverride(
  { meters = [] }: CardOverride,
  cards: readonly RateCard[],
  builtIn: Meters,
): readonly CardProblem[] {
  const known = new Map<string, Aggregation>(builtIn);
  for (const { meter, aggregation } of cards.flatMap((card) => card.meters)) {
    if (aggregation !== undefined) known.set(meter, aggregation);
  }
  const unknown = meters.flatMap(({ meter }, place) =>
    known.has(meter) ? [] : [{ path: ["meters", place, "meter"], message: "is priced on no rate card" }],
  );
  const currency = cards.at(-1)?.currency ?? "USD";
  return unknown.length > 0 ? unknown : checkRateCard({ currency, meters }, known);
}
