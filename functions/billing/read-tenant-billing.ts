import * as z from "zod";
import { billingTermsTable } from "../../lib/aws/billing-terms-table.ts";
import { creditTable } from "../../lib/aws/credit-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { tenantTable } from "../../lib/aws/tenant-table.ts";
import type { CreditStore } from "../../lib/billing/credit-store.ts";
import type { TermsStore } from "../../lib/billing/terms.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import type { TenantStore } from "../../lib/identity/tenant-store.ts";
import { TenantBillingDocument, tenantBillingDocument } from "./tenant-billing-document.ts";

/** Shows the operator what one tenant pays instead of the rate card, and its credits. */
export const spec = {
  method: "GET",
  route: "/v1/tenants/{tenantId}/billing",
  summary: "Read a tenant's own prices and credits",
  tag: "Billing",
  permission: { operator: "ratecard:read" },
  path: z.object({ tenantId: Id }),
  response: TenantBillingDocument,
  etag: true,
  successStatus: 200,
  errors: ["not_found"],
} as const satisfies EndpointSpec;

interface ReadTenantBillingDeps extends HttpDeps {
  readonly tenants: Pick<TenantStore, "get">;
  readonly terms: Pick<TermsStore, "newest">;
  readonly credits: Pick<CreditStore, "all">;
}

export const createHandler = (deps: ReadTenantBillingDeps) =>
  endpoint(spec, deps, async ({ path: { tenantId }, trail }) => {
    trail.about({ type: "tenant", id: tenantId });
    if ((await deps.tenants.get(tenantId)) === undefined) throw notFound();
    const [terms, credits] = await Promise.all([deps.terms.newest(tenantId), deps.credits.all(tenantId)]);
    return json(tenantBillingDocument(tenantId, terms, credits), { version: terms.version });
  });

export const handler = createHandler({
  ...platform(),
  tenants: tenantTable(),
  terms: billingTermsTable(),
  credits: creditTable(),
});
