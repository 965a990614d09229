import type { Aggregation, Meters } from "../usage/usage.ts";
import { findMinorUnit } from "./currency.ts";
import { type MeterPrice, MINIMUM_LINE, type RateCard, type Tier } from "./rate-card.ts";

/** Something wrong with a rate card: the steps that lead to it, and what it has to be. */
export interface CardProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Finds everything that keeps a card from being used: an unknown currency, a meter that is neither built in nor
 * brought in by an `aggregation`, one that is named twice, tiers that leave a gap or overlap.
 */
export function checkRateCard(
  card: Pick<RateCard, "currency" | "meters">,
  builtIn: Meters,
): readonly CardProblem[] {
  const currencyProblems: readonly CardProblem[] =
    findMinorUnit(card.currency) === undefined
      ? [{ path: ["currency"], message: "must be a currency of ISO 4217, such as USD" }]
      : [];
  const seen = new Set<string>();
  const meterProblems = card.meters.flatMap((price, place) => {
    const repeated = seen.has(price.meter);
    seen.add(price.meter);
    return [
      ...(repeated ? [{ path: ["meter"], message: "is priced twice on this card" }] : []),
      ...checkMeter(price, builtIn.get(price.meter)),
      ...("tiers" in price ? checkTiers(price.tiers) : []),
    ].map(({ path, message }) => ({ path: ["meters", place, ...path], message }));
  });
  return [...currencyProblems, ...meterProblems];
}

function checkMeter(
  { meter, aggregation }: MeterPrice,
  builtIn: Aggregation | undefined,
): readonly CardProblem[] {
  if (meter === MINIMUM_LINE)
    return [{ path: ["meter"], message: "is the name of the minimum charge's line" }];
  if (builtIn === undefined) {
    return aggregation === undefined
      ? [{ path: ["meter"], message: "is not a known meter; a meter of your own needs an aggregation" }]
      : [];
  }
  const sameKind = aggregation === undefined || (aggregation === "gauge") === (builtIn === "gauge");
  return sameKind ? [] : [{ path: ["aggregation"], message: `must stay ${builtIn} for this built-in meter` }];
}

function checkTiers(tiers: readonly Tier[]): readonly CardProblem[] {
  return tiers.flatMap(({ upTo }, place) => {
    const path = ["tiers", place, "upTo"];
    const isLast = place === tiers.length - 1;
    if (upTo === null) return isLast ? [] : [{ path, message: "only the last tier has no end" }];
    if (isLast) return [{ path, message: "must be null in the last tier, which takes all the rest" }];
    const lower = tiers[place - 1]?.upTo ?? 0n;
    return upTo > lower ? [] : [{ path, message: "must be above 0 and above the tier before" }];
  });
}
