import type { Atto } from "../decimal.ts";
import type { EpochMs } from "../time.ts";
import type { Aggregation, Meters } from "../usage/usage.ts";

/** A tier ends with `upTo`, which still belongs to it; `null` is the last one, without an end. */
export interface Tier {
  readonly upTo: Atto | null;
  readonly unitPrice: Atto;
  /** Charged once when the tier is entered (graduated) or holds the quantity (volume). */
  readonly flatFee: Atto;
}

/** What a price applies to. */
interface PricedMeter {
  readonly meter: string;
  /** What the quantity is shown in, such as `vCPU-hour`. */
  readonly unit: string;
  /** Left out for the built-in meters. */
  readonly aggregation?: Aggregation;
  /** Taken off the quantity before anything is priced; 0 for none. */
  readonly freeAllowance: Atto;
}

/** How one meter is charged (contract section 10). */
export type MeterPrice =
  | (PricedMeter & { readonly model: "flat"; readonly unitPrice: Atto })
  | (PricedMeter & { readonly model: "package"; readonly unitPrice: Atto; readonly packageSize: Atto })
  | (PricedMeter & { readonly model: "graduated" | "volume"; readonly tiers: readonly Tier[] });

/** Prices in force from `effectiveFromAtMs` until the next card is. */
export interface RateCard {
  /** Counts up from 1; `null` for a card that is not kept. */
  readonly version: number | null;
  readonly effectiveFromAtMs: EpochMs;
  /** ISO 4217. */
  readonly currency: string;
  readonly meters: readonly MeterPrice[];
  /** The least that a period costs before tax; 0 for none. */
  readonly minimumCharge: Atto;
  /** A share of the subtotal: 0.19 is 19 %. */
  readonly taxRate: Atto;
}

/** The line that a minimum charge is met by, and so no name for a meter. */
export const MINIMUM_LINE = "minimum";

/** The meters that a card prices, with how each is aggregated. */
export function metersOf(card: Pick<RateCard, "meters">, builtIn: Meters): Meters {
  const meters = new Map<string, Aggregation>();
  for (const { meter, aggregation } of card.meters) {
    const known = aggregation ?? builtIn.get(meter);
    if (known !== undefined) meters.set(meter, known);
  }
  return meters;
}

/** The card in force at a time: of those that have begun the one that began last, and of two the later version. */
export function cardInForce(cards: readonly RateCard[], atMs: EpochMs): RateCard | undefined {
  return cards
    .filter(({ effectiveFromAtMs }) => effectiveFromAtMs <= atMs)
    .sort((a, b) => a.effectiveFromAtMs - b.effectiveFromAtMs || (a.version ?? 0) - (b.version ?? 0))
    .at(-1);
}
