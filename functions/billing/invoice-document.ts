import * as z from "zod";
import type { KeptInvoice } from "../../lib/billing/invoice-store.ts";
import { toRfc3339 } from "../../lib/time.ts";

const Money = z
  .string()
  .meta({ examples: ["101.92"], description: "A decimal string in the currency's minor unit." });
const Quantity = z.string().meta({ examples: ["3.000000000"] });

const Charge = z.object({ sessionId: z.string(), userId: z.string(), quantity: Quantity, amount: Money });

const Line = z
  .object({
    meter: z.string(),
    description: z.string(),
    quantity: Quantity,
    unit: z.string(),
    unitPrice: z.string().optional(),
    packageSize: z.string().optional(),
    freeAllowance: z.string().optional(),
    tiers: z
      .array(
        z.object({
          upTo: z.string().nullable(),
          unitPrice: z.string(),
          flatFee: z.string().optional(),
          quantity: Quantity,
          amount: z.string(),
        }),
      )
      .optional(),
    amount: Money,
    sessions: z.array(Charge),
    period: z.object({ start: z.iso.datetime(), end: z.iso.datetime() }),
    rateCardVersion: z.int().nullable(),
  })
  .meta({ id: "InvoiceLine" });

const Figures = {
  period: z.object({ start: z.iso.datetime(), end: z.iso.datetime() }),
  currency: z.string(),
  subtotal: Money,
  tax: Money,
  total: Money,
  rateCardVersion: z.int().nullable(),
};

const Details = {
  lines: z.array(Line),
  unattributed: z.array(z.object({ meter: z.string(), quantity: Quantity, unit: z.string() })),
};

const Kept = {
  id: z.string(),
  number: z.string().nullable().meta({ description: "Gapless for each tenant; null until it is final." }),
  tenantId: z.string(),
  month: z.string().meta({ examples: ["2026-10"] }),
  status: z.enum(["draft", "final"]),
  type: z.enum(["regular", "adjustment", "credit_note"]),
  digest: z.string().meta({
    description:
      "SHA-256, hex, over its members `period`, `currency`, `lines`, `subtotal`, `tax`, `total`, `rateCardVersion` and " +
      "`unattributed` as one RFC 8785 JSON object.",
  }),
  createdAt: z.iso.datetime(),
  ratedAt: z.iso.datetime().meta({ description: "What was known of usage then is what it says." }),
  finalizedAt: z.iso.datetime().optional(),
  creditsApplied: z
    .array(z.object({ creditId: z.string(), amount: Money }))
    .optional()
    .meta({ description: "What credits paid when it became final." }),
  amountDue: Money.optional().meta({ description: "The total less what credits paid." }),
};

/** An invoice (contract section 10). */
export const InvoiceDocument = z.object({ ...Kept, ...Figures, ...Details }).meta({ id: "Invoice" });

/** What a period costs, whether it becomes an invoice or not. */
export const ContentDocument = z.object({ ...Figures, ...Details });

/** An invoice that is nowhere kept. */
export const SimulatedInvoiceDocument = z
  .object({
    id: z.null(),
    number: z.null(),
    tenantId: z.string(),
    status: z.literal("draft"),
    type: z.literal("regular"),
    ...Figures,
    ...Details,
  })
  .meta({ id: "SimulatedInvoice" });

/** Shows an invoice, with times as the API writes them. */
export function invoiceDocument(kept: KeptInvoice) {
  const { createdAtMs, ratedAtMs, contentLength: _contentLength, ...invoice } = kept;
  return { ...invoice, createdAt: toRfc3339(createdAtMs), ratedAt: toRfc3339(ratedAtMs) };
}
