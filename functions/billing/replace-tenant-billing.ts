import * as z from "zod";
import { billingTermsTable } from "../../lib/aws/billing-terms-table.ts";
import { cardTable } from "../../lib/aws/card-table.ts";
import { creditTable } from "../../lib/aws/credit-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { tenantTable } from "../../lib/aws/tenant-table.ts";
import { type AgreeTermsDeps, agreeTerms } from "../../lib/billing/agree-terms.ts";
import type { CreditStore } from "../../lib/billing/credit-store.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { BUILT_IN_METERS } from "../../lib/usage/usage.ts";
import { OverrideInput } from "./rate-card-schema.ts";
import { TenantBillingDocument, tenantBillingDocument } from "./tenant-billing-document.ts";

/** Sets what one tenant pays instead of the rate card. */
export const spec = {
  method: "PUT",
  route: "/v1/tenants/{tenantId}/billing",
  summary: "Set a tenant's own prices",
  description:
    "A meter that is named is priced so instead of as on the card, as are the minimum charge and the tax rate where they " +
    "are given; an empty `override` takes all of it back. It holds for the months that are not final yet. Credits are " +
    "granted by themselves, and shown here.",
  tag: "Billing",
  permission: { operator: "ratecard:update" },
  path: z.object({ tenantId: Id }),
  body: z.strictObject({ override: OverrideInput }),
  response: TenantBillingDocument,
  etag: true,
  successStatus: 200,
  errors: ["not_found", "precondition.failed", "conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (
  deps: HttpDeps & AgreeTermsDeps & { readonly credits: Pick<CreditStore, "all"> },
) =>
  endpoint(spec, deps, async ({ path: { tenantId }, body, trail, expectedVersion }) => {
    trail.about({ type: "tenant", id: tenantId });
    const of = { tenantId, override: body.override, expectedVersion: expectedVersion() };
    const terms = await agreeTerms(deps, of, trail);
    const credits = await deps.credits.all(tenantId);
    return json(tenantBillingDocument(tenantId, terms, credits), { version: terms.version });
  });

export const handler = createHandler({
  ...platform(),
  tenants: tenantTable(),
  cards: cardTable(),
  terms: billingTermsTable(),
  credits: creditTable(),
  builtInMeters: BUILT_IN_METERS,
});
