import { ATTO_DECIMALS, type Atto, formatAtto, parseDecimal } from "../decimal.ts";
import { parseRfc3339, toRfc3339 } from "../time.ts";
import type { Aggregation } from "../usage/usage.ts";
import type { CardOverride } from "./override-card.ts";
import type { MeterPrice, RateCard } from "./rate-card.ts";

/** A tier as a document has it: decimals as text. */
interface TierDocument {
  readonly upTo: string | null;
  readonly unitPrice: string;
  readonly flatFee: string;
}

/** One meter's price as a document has it. */
interface MeterPriceDocument {
  readonly meter: string;
  readonly unit: string;
  readonly aggregation?: Aggregation;
  readonly model: MeterPrice["model"];
  readonly freeAllowance: string;
  readonly unitPrice?: string;
  readonly packageSize?: string;
  readonly tiers?: readonly TierDocument[];
}

/** A rate card as it is kept and shown (contract section 10): decimals as text, times in RFC 3339. */
export interface RateCardDocument {
  readonly version: number | null;
  readonly effectiveFrom: string;
  readonly currency: string;
  readonly meters: readonly MeterPriceDocument[];
  readonly minimumCharge: string;
  readonly taxRate: string;
}

/** Writes a card as a document. */
export function cardDocument(card: RateCard): RateCardDocument {
  return {
    version: card.version,
    effectiveFrom: toRfc3339(card.effectiveFromAtMs),
    currency: card.currency,
    meters: card.meters.map(priceDocument),
    minimumCharge: formatAtto(card.minimumCharge),
    taxRate: formatAtto(card.taxRate),
  };
}

/** Reads a card that was written by `cardDocument`. */
export function cardOf(document: RateCardDocument): RateCard {
  return {
    version: document.version,
    effectiveFromAtMs: parseRfc3339(document.effectiveFrom, "/effectiveFrom"),
    currency: document.currency,
    meters: document.meters.map(priceOf),
    minimumCharge: atto(document.minimumCharge),
    taxRate: atto(document.taxRate),
  };
}

/** What one tenant pays instead of the card, as it is kept and shown. */
export type CardOverrideDocument = Partial<Pick<RateCardDocument, "meters" | "minimumCharge" | "taxRate">>;

/** Writes an override as a document. */
export function overrideDocument({ meters, minimumCharge, taxRate }: CardOverride): CardOverrideDocument {
  return {
    ...(meters === undefined ? {} : { meters: meters.map(priceDocument) }),
    ...(minimumCharge === undefined ? {} : { minimumCharge: formatAtto(minimumCharge) }),
    ...(taxRate === undefined ? {} : { taxRate: formatAtto(taxRate) }),
  };
}

/** Reads an override that was written by `overrideDocument`. */
export function overrideOf({ meters, minimumCharge, taxRate }: CardOverrideDocument): CardOverride {
  return {
    ...(meters === undefined ? {} : { meters: meters.map(priceOf) }),
    ...(minimumCharge === undefined ? {} : { minimumCharge: atto(minimumCharge) }),
    ...(taxRate === undefined ? {} : { taxRate: atto(taxRate) }),
  };
}

function priceDocument(price: MeterPrice): MeterPriceDocument {
  const { meter, unit, aggregation, model } = price;
  return {
    meter,
    unit,
    ...(aggregation === undefined ? {} : { aggregation }),
    model,
    freeAllowance: formatAtto(price.freeAllowance),
    ...("unitPrice" in price ? { unitPrice: formatAtto(price.unitPrice) } : {}),
    ...("packageSize" in price ? { packageSize: formatAtto(price.packageSize) } : {}),
    ...("tiers" in price
      ? {
          tiers: price.tiers.map(({ upTo, unitPrice, flatFee }) => ({
            upTo: upTo === null ? null : formatAtto(upTo),
            unitPrice: formatAtto(unitPrice),
            flatFee: formatAtto(flatFee),
          })),
        }
      : {}),
  };
}

function priceOf(document: MeterPriceDocument): MeterPrice {
  const { meter, unit, aggregation, model, unitPrice = "0", packageSize = "1", tiers = [] } = document;
  const priced = {
    meter,
    unit,
    ...(aggregation === undefined ? {} : { aggregation }),
    freeAllowance: atto(document.freeAllowance),
  };
  switch (model) {
    case "flat":
      return { ...priced, model, unitPrice: atto(unitPrice) };
    case "package":
      return { ...priced, model, unitPrice: atto(unitPrice), packageSize: atto(packageSize) };
    case "graduated":
    case "volume":
      return {
        ...priced,
        model,
        tiers: tiers.map((tier) => ({
          upTo: tier.upTo === null ? null : atto(tier.upTo),
          unitPrice: atto(tier.unitPrice),
          flatFee: atto(tier.flatFee),
        })),
      };
  }
}

function atto(text: string): Atto {
  const value = parseDecimal(text, ATTO_DECIMALS);
  if (value === undefined) throw new Error("A kept rate card has something that is no decimal.");
  return value;
}
