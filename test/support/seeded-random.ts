import { randomNumbers } from "../../scripts/random-numbers.ts";

/** Whole numbers below a bound, the same for the same seed. */
export function seededRandom(seed: number): (below: number) => number {
  const next = randomNumbers(seed);
  return (below) => (next() * 2 ** 32) % below;
}
