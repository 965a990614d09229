import {
  type Atto,
  add,
  divideRoundingUp,
  isMore,
  multiply,
  type Ratio,
  ratioOf,
  subtract,
  ZERO,
} from "../decimal.ts";
import { assertNever } from "../errors.ts";
import type { MeterPrice, Tier } from "./rate-card.ts";

/** What one tier contributed to a charge. */
export interface TierCharge extends Tier {
  readonly quantity: Ratio;
  readonly amount: Ratio;
}

/** The price of a quantity before any rounding. */
export interface Charge {
  readonly amount: Ratio;
  /** The tiers that were used, for the models that have some. */
  readonly tiers?: readonly TierCharge[];
}

/** Prices a quantity exactly: the free allowance goes first, the model's arithmetic follows (contract section 11). */
export function chargeFor(price: MeterPrice, quantity: Ratio): Charge {
  const payable = quantityAbove(quantity, price.freeAllowance);
  switch (price.model) {
    case "flat":
      return { amount: multiply(payable, ratioOf(price.unitPrice)) };
    case "package": {
      const packages = divideRoundingUp(payable, ratioOf(price.packageSize));
      return { amount: ratioOf(packages * price.unitPrice) };
    }
    case "graduated":
      return sumOf(graduatedTiers(price.tiers, payable));
    case "volume":
      return sumOf(volumeTier(price.tiers, payable));
    default:
      return assertNever(price);
  }
}

/** Each tier prices what falls in it. */
function graduatedTiers(tiers: readonly Tier[], payable: Ratio): readonly TierCharge[] {
  return tiers.flatMap((tier, place) => {
    const above = quantityAbove(payable, tiers[place - 1]?.upTo ?? 0n);
    if (above.over === 0n) return [];
    const beyond = tier.upTo === null ? ZERO : quantityAbove(payable, tier.upTo);
    return [chargeTier(tier, subtract(above, beyond))];
  });
}

/** The tier that the whole quantity falls in prices all of it. */
function volumeTier(tiers: readonly Tier[], payable: Ratio): readonly TierCharge[] {
  if (payable.over === 0n) return [];
  const holding = tiers.find(({ upTo }) => upTo === null || !isMore(payable, ratioOf(upTo)));
  return holding === undefined ? [] : [chargeTier(holding, payable)];
}

function chargeTier(tier: Tier, quantity: Ratio): TierCharge {
  const amount = add(multiply(quantity, ratioOf(tier.unitPrice)), ratioOf(tier.flatFee));
  return { ...tier, quantity, amount };
}

function sumOf(tiers: readonly TierCharge[]): Charge {
  return { tiers, amount: tiers.map((tier) => tier.amount).reduce(add, ZERO) };
}

function quantityAbove(quantity: Ratio, bound: Atto): Ratio {
  return isMore(quantity, ratioOf(bound)) ? subtract(quantity, ratioOf(bound)) : ZERO;
}
