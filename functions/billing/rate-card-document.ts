import * as z from "zod";
import { cardDocument } from "../../lib/billing/card-document.ts";
import type { RateCard } from "../../lib/billing/rate-card.ts";
import { toRfc3339 } from "../../lib/time.ts";

const Decimal = z.string().meta({ examples: ["0.04"] });

/** A rate card as it is read (contract section 10). */
export const RateCardDocument = z
  .object({
    version: z.int().nullable(),
    effectiveFrom: z.iso.datetime(),
    currency: z.string(),
    meters: z.array(
      z.object({
        meter: z.string(),
        unit: z.string(),
        aggregation: z.enum(["gauge", "sum", "count", "max", "unique"]).optional(),
        model: z.enum(["flat", "graduated", "volume", "package"]),
        freeAllowance: Decimal,
        unitPrice: Decimal.optional(),
        packageSize: Decimal.optional(),
        tiers: z
          .array(z.object({ upTo: Decimal.nullable(), unitPrice: Decimal, flatFee: Decimal }))
          .optional(),
      }),
    ),
    minimumCharge: Decimal,
    taxRate: Decimal,
    versions: z
      .array(z.object({ version: z.int().nullable(), effectiveFrom: z.iso.datetime() }))
      .meta({ description: "All versions, oldest first." }),
  })
  .meta({ id: "RateCard" });

/** Shows a card among all versions. */
export function rateCardDocument(card: RateCard, cards: readonly RateCard[]) {
  return {
    ...cardDocument(card),
    versions: cards.map(({ version, effectiveFromAtMs }) => ({
      version,
      effectiveFrom: toRfc3339(effectiveFromAtMs),
    })),
  };
}
