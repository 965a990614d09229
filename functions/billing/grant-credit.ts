import * as z from "zod";
import { cardTable } from "../../lib/aws/card-table.ts";
import { creditTable } from "../../lib/aws/credit-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { tenantTable } from "../../lib/aws/tenant-table.ts";
import { type GrantCreditDeps, grantCredit } from "../../lib/billing/grant-credit.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { DecimalInput, ForeignId, TimeInput } from "../../lib/http/metering-schema.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { CreditDocument, creditDocument } from "./tenant-billing-document.ts";

/** Grants a tenant a balance that pays its invoices before money does. */
export const spec = {
  method: "POST",
  route: "/v1/tenants/{tenantId}/credits",
  summary: "Grant a tenant a credit",
  description:
    "It pays from the next invoice or adjustment that becomes final on, until it is used up or expires: of several " +
    "credits the one that expires first, then the one granted first. The invoice says what was paid and what is due.",
  tag: "Billing",
  permission: { operator: "ratecard:update" },
  action: "credit:grant",
  path: z.object({ tenantId: Id }),
  body: z.strictObject({
    amount: DecimalInput,
    currency: z
      .string()
      .max(8)
      .optional()
      .meta({ description: "That of the rate card where it is left out." }),
    expiresAt: TimeInput.optional(),
    reason: ForeignId,
  }),
  response: CreditDocument,
  successStatus: 201,
  errors: ["not_found", "unprocessable"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & Omit<GrantCreditDeps, "newId">) =>
  endpoint(spec, deps, async ({ path: { tenantId }, body, trail, newId, nowMs }) => {
    trail.about({ type: "tenant", id: tenantId });
    const { amount, currency, expiresAt: expiresAtMs, reason } = body;
    const of = { tenantId, amount, currency, expiresAtMs, reason, nowMs };
    const credit = await grantCredit({ ...deps, newId }, of, trail);
    return json(creditDocument(credit), { status: 201 });
  });

export const handler = createHandler({
  ...platform(),
  tenants: tenantTable(),
  cards: cardTable(),
  credits: creditTable(),
});
