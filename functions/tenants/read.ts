import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { tenantTable } from "../../lib/aws/tenant-table.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { isPlatform } from "../../lib/identity/tenant.ts";
import type { TenantStore } from "../../lib/identity/tenant-store.ts";
import { TenantDocument, tenantDocument } from "./tenant-document.ts";

/** Shows a tenant: the operator any, other people their own. */
export const spec = {
  method: "GET",
  route: "/v1/tenants/{tenantId}",
  summary: "Read a tenant: the operator any, others their own",
  tag: "Tenants",
  permission: { decidedBy: "handler", action: "tenant:read" },
  path: z.object({ tenantId: Id }),
  response: TenantDocument,
  successStatus: 200,
  etag: true,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly tenants: Pick<TenantStore, "get"> }) =>
  endpoint(spec, deps, async ({ path, caller, trail, authorise }) => {
    const resource = { type: "tenant", id: path.tenantId };
    trail.about(resource);
    if (path.tenantId !== caller.tenantId && !isPlatform(caller.tenantId)) throw notFound();
    authorise({ resource });
    const tenant = await deps.tenants.get(path.tenantId);
    if (tenant === undefined) throw notFound();
    return json(tenantDocument(tenant), { version: tenant.version });
  });

export const handler = createHandler({ ...platform(), tenants: tenantTable() });
