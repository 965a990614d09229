import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { tenantTable } from "../../lib/aws/tenant-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import type { TenantStore } from "../../lib/identity/tenant-store.ts";
import { TenantDocument, tenantDocument } from "./tenant-document.ts";

/** Lists the customers of the platform. */
export const spec = {
  method: "GET",
  route: "/v1/tenants",
  summary: "List the tenants, newest first",
  tag: "Tenants",
  permission: { operator: "tenant:list" },
  query: z.object(PageQuery),
  response: pageOf(TenantDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly tenants: Pick<TenantStore, "list"> }) =>
  endpoint(spec, deps, async ({ query, position, page }) => {
    const { tenants, nextAfterId } = await deps.tenants.list({
      limit: query.limit,
      afterId: await position(),
    });
    return await page(tenants.map(tenantDocument), nextAfterId);
  });

export const handler = createHandler({ ...platform(), tenants: tenantTable() });
