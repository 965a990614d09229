import * as z from "zod";
import { overrideDocument } from "../../lib/billing/card-document.ts";
import type { KeptCredit } from "../../lib/billing/credit-store.ts";
import type { BillingTerms } from "../../lib/billing/terms.ts";
import { toRfc3339 } from "../../lib/time.ts";
import { RateCardDocument } from "./rate-card-document.ts";

/** A balance in a tenant's favour. */
export const CreditDocument = z
  .object({
    id: z.string(),
    currency: z.string(),
    amount: z.string(),
    balance: z.string().meta({ description: "What is left of it." }),
    reason: z.string(),
    grantedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable().meta({ description: "From then on it pays nothing." }),
  })
  .meta({ id: "Credit" });

/** What a tenant pays instead of the rate card, and what pays first. */
export const TenantBillingDocument = z
  .object({
    tenantId: z.string(),
    override: RateCardDocument.pick({ meters: true, minimumCharge: true, taxRate: true }).partial(),
    credits: z.array(CreditDocument),
  })
  .meta({ id: "TenantBilling" });

/** Shows a credit. */
export function creditDocument({ grantedAtMs, expiresAtMs, ...credit }: KeptCredit) {
  return {
    ...credit,
    grantedAt: toRfc3339(grantedAtMs),
    expiresAt: expiresAtMs === null ? null : toRfc3339(expiresAtMs),
  };
}

/** Shows a tenant's terms and credits. */
export function tenantBillingDocument(
  tenantId: string,
  { override }: BillingTerms,
  credits: readonly KeptCredit[],
) {
  return { tenantId, override: overrideDocument(override), credits: credits.map(creditDocument) };
}
