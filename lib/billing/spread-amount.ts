import { sumOf } from "../decimal.ts";

/**
 * Spreads an amount of whole minor units over weights by largest remainder: each gets the whole part of its exact
 * share, and the units left over go one each to the largest remainders, of equal ones to the first in the list.
 * The shares add up to the amount exactly. `amount >= 0`; the weights add up to more than 0.
 */
export function spreadAmount(amount: bigint, weights: readonly bigint[]): readonly bigint[] {
  const total = sumOf(weights);
  const shares = weights.map((weight) => (amount * weight) / total);
  const left = amount - sumOf(shares);
  const remainders = weights.map((weight, place) => ({ place, remainder: (amount * weight) % total }));
  remainders.sort((a, b) => compare(b.remainder, a.remainder));
  for (const { place } of remainders.slice(0, Number(left))) shares[place] = (shares[place] ?? 0n) + 1n;
  return shares;
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
