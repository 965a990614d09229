import { chargeFor } from "../../../lib/billing/charge.ts";
import type { MeterPrice, Tier } from "../../../lib/billing/rate-card.ts";
import { spreadAmount } from "../../../lib/billing/spread-amount.ts";
import { ATTO_PER_UNIT, isMore, multiply, type Ratio, roundTo } from "../../../lib/decimal.ts";
import { fc } from "../../support/fast-check.ts";

const RUNS = { numRuns: 500 };
const price = fc.bigInt({ min: 0n, max: 50n }).map((cents) => (cents * ATTO_PER_UNIT) / 100n);
const units = (min: number) => fc.bigInt({ min: BigInt(min), max: 60n });

const tiers = fc
  .record({
    bounds: fc.uniqueArray(units(1), { maxLength: 4 }),
    prices: fc.array(fc.record({ unitPrice: price, flatFee: price }), { minLength: 5, maxLength: 5 }),
  })
  .map(({ bounds, prices }) => {
    const ends = [...bounds.sort((a, b) => (a < b ? -1 : 1)).map((bound) => bound * ATTO_PER_UNIT), null];
    return ends.flatMap((upTo, place): Tier[] =>
      prices.slice(place, place + 1).map((one) => ({ upTo, ...one })),
    );
  });

const priced = (
  model: "graduated" | "volume",
  { tiers: of, allowance }: { tiers: readonly Tier[]; allowance: bigint },
): MeterPrice => ({
  meter: "network",
  unit: "GiB",
  freeAllowance: allowance * ATTO_PER_UNIT,
  model,
  tiers: of,
});

const cents = (amount: Ratio) => roundTo(amount, 18);
const exactly = (quantity: bigint): Ratio => ({ over: quantity, under: 1n });

describe("tiers", () => {
  const tiered = fc.record({ tiers, allowance: units(0), quantity: units(0) });

  test("graduated, cost what pricing one unit after the other costs", () => {
    fc.assert(
      fc.property(tiered, ({ quantity, ...of }) => {
        let expected = 0n;
        const entered = new Set<Tier>();
        for (let unit = of.allowance + 1n; unit <= quantity; unit += 1n) {
          const nth = (unit - of.allowance) * ATTO_PER_UNIT;
          const tier = of.tiers.find(({ upTo }) => upTo === null || nth <= upTo);
          if (tier === undefined) continue;
          expected += tier.unitPrice + (entered.has(tier) ? 0n : tier.flatFee);
          entered.add(tier);
        }
        expect(cents(chargeFor(priced("graduated", of), exactly(quantity)).amount)).toBe(expected);
      }),
      RUNS,
    );
  });

  test("volume, cost the whole quantity at the price of its last unit", () => {
    fc.assert(
      fc.property(tiered, ({ quantity, ...of }) => {
        const payable = quantity > of.allowance ? quantity - of.allowance : 0n;
        const tier = of.tiers.find(({ upTo }) => upTo === null || payable * ATTO_PER_UNIT <= upTo);
        const expected = payable === 0n || tier === undefined ? 0n : payable * tier.unitPrice + tier.flatFee;
        expect(cents(chargeFor(priced("volume", of), exactly(quantity)).amount)).toBe(expected);
      }),
      RUNS,
    );
  });

  test("graduated, never cost less for more", () => {
    const quantity = fc.record({
      over: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      under: fc.constant(3_600_000n),
    });
    fc.assert(
      fc.property(fc.record({ tiers, allowance: units(0), a: quantity, b: quantity }), ({ a, b, ...of }) => {
        const [less, more] = isMore(a, b) ? [b, a] : [a, b];
        const price = priced("graduated", of);
        expect(isMore(chargeFor(price, less).amount, chargeFor(price, more).amount)).toBe(false);
      }),
      RUNS,
    );
  });

  test("show parts that add up to the quantity above the allowance", () => {
    fc.assert(
      fc.property(tiered, ({ quantity, ...of }) => {
        const payable = quantity > of.allowance ? quantity - of.allowance : 0n;
        const parts = chargeFor(priced("graduated", of), exactly(quantity)).tiers ?? [];
        const sum = parts.map((part) => cents(part.quantity)).reduce((total, part) => total + part, 0n);
        expect(sum).toBe(payable * ATTO_PER_UNIT);
      }),
      RUNS,
    );
  });
});

describe("spreading an amount", () => {
  const input = fc.record({
    amount: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    weights: fc.array(fc.bigInt({ min: 1n, max: 10n ** 30n }), { minLength: 1, maxLength: 20 }),
  });

  test("adds up exactly, and no share is a whole unit off its exact part", () => {
    fc.assert(
      fc.property(input, ({ amount, weights }) => {
        const shares = spreadAmount(amount, weights);
        const total = weights.reduce((sum, weight) => sum + weight, 0n);
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(amount);
        for (const [place, share] of shares.entries()) {
          const off = share * total - amount * (weights[place] ?? 0n);
          expect(off > -total && off < total).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("gives the larger weight no less", () => {
    fc.assert(
      fc.property(input, ({ amount, weights }) => {
        // Of equal ones the first may get a unit more.
        const different = [...new Set(weights)].sort((a, b) => (a < b ? -1 : 1));
        const shares = spreadAmount(amount, different);
        for (const [place, share] of shares.entries()) expect(share >= (shares[place - 1] ?? 0n)).toBe(true);
      }),
      RUNS,
    );
  });
});

test("a flat price is its product, exactly", () => {
  const third: Ratio = { over: 1n, under: 3n };
  const flat: MeterPrice = {
    meter: "cpu",
    unit: "vCPU-hour",
    freeAllowance: 0n,
    model: "flat",
    unitPrice: ATTO_PER_UNIT,
  };
  const three = multiply(chargeFor(flat, third).amount, exactly(3n));
  expect(isMore(three, exactly(1n)) || isMore(exactly(1n), three)).toBe(false);
});
