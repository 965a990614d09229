import * as z from "zod";
import { checkRateCard } from "../../lib/billing/check-rate-card.ts";
import type { CardOverride } from "../../lib/billing/override-card.ts";
import type { MeterPrice, RateCard } from "../../lib/billing/rate-card.ts";
import { ATTO_PER_UNIT } from "../../lib/decimal.ts";
import { DecimalInput, MeterName, TimeInput } from "../../lib/http/metering-schema.ts";
import { BUILT_IN_METERS } from "../../lib/usage/usage.ts";

/** A card as it was written, before it has a version. Where `effectiveFrom` is left out, whoever reads it decides. */
export interface RateCardBody extends Omit<RateCard, "version" | "effectiveFromAtMs"> {
  readonly effectiveFromAtMs?: number;
}

const PricedMeter = {
  meter: MeterName,
  unit: z.string().min(1).max(64),
  aggregation: z.enum(["gauge", "sum", "count", "max", "unique"]).optional(),
  freeAllowance: DecimalInput.prefault("0"),
};

const Tiers = z
  .array(
    z.strictObject({
      upTo: DecimalInput.nullable(),
      unitPrice: DecimalInput,
      flatFee: DecimalInput.prefault("0"),
    }),
  )
  .min(1)
  .max(100);

/** A field that another model has is refused: with two prices on one meter nobody could say which one counts. */
const MeterPriceInput = z
  .discriminatedUnion("model", [
    z.strictObject({ ...PricedMeter, model: z.literal("flat"), unitPrice: DecimalInput }),
    z.strictObject({
      ...PricedMeter,
      model: z.literal("package"),
      unitPrice: DecimalInput,
      packageSize: DecimalInput.refine((size) => size > 0n, "must be above 0"),
    }),
    z.strictObject({ ...PricedMeter, model: z.literal("graduated"), tiers: Tiers }),
    z.strictObject({ ...PricedMeter, model: z.literal("volume"), tiers: Tiers }),
  ])
  .transform(({ aggregation, ...price }): MeterPrice => (aggregation ? { ...price, aggregation } : price));

const MinimumCharge = DecimalInput;

const TaxRate = DecimalInput.refine((rate) => rate <= ATTO_PER_UNIT, "must be a share from 0 to 1");

/** What one tenant pays instead of the card; what is left out is as on the card. */
export const OverrideInput = z
  .strictObject({
    meters: z.array(MeterPriceInput).max(100).optional(),
    minimumCharge: MinimumCharge.optional(),
    taxRate: TaxRate.optional(),
  })
  .transform(
    ({ meters, minimumCharge, taxRate }): CardOverride => ({
      ...(meters === undefined ? {} : { meters }),
      ...(minimumCharge === undefined ? {} : { minimumCharge }),
      ...(taxRate === undefined ? {} : { taxRate }),
    }),
  );

/** A rate card (contract section 10): what is wrong with it is named by its place. */
export const RateCardInput = z
  .strictObject({
    effectiveFrom: TimeInput.optional(),
    currency: z.string().max(8),
    meters: z.array(MeterPriceInput).max(100),
    minimumCharge: MinimumCharge.prefault("0"),
    taxRate: TaxRate.prefault("0"),
  })
  .superRefine((card, context) => {
    for (const { path, message } of checkRateCard(card, BUILT_IN_METERS)) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  })
  .transform(
    ({ effectiveFrom, ...card }): RateCardBody =>
      effectiveFrom === undefined ? card : { ...card, effectiveFromAtMs: effectiveFrom },
  );
