import * as z from "zod";
import { identityPorts } from "../../lib/aws/identity-ports.ts";
import { AppError, notFound } from "../../lib/errors.ts";
import { accessDenied } from "../../lib/http/authoriser.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Name } from "../../lib/http/name.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { isPlatform } from "../../lib/identity/tenant.ts";
import type { TenantStore } from "../../lib/identity/tenant-store.ts";
import { updateTenant } from "../../lib/identity/update-tenant.ts";
import { TenantDocument, tenantDocument } from "./tenant-document.ts";

/** Renames, suspends or restores a tenant. */
export const spec = {
  method: "PATCH",
  route: "/v1/tenants/{tenantId}",
  summary: "Rename, suspend or restore a tenant",
  description:
    "For the platform's operator alone. The people of a suspended tenant are refused from their next request on, until it is active again. An empty `ipAllowList` lets a tenant in again that has shut itself out; any other value is the tenant's own to set.",
  tag: "Tenants",
  permission: { decidedBy: "handler", action: "tenant:update" },
  path: z.object({ tenantId: Id }),
  body: z.strictObject({
    name: Name.optional(),
    status: TenantDocument.shape.status.optional(),
    ipAllowList: z.array(z.string()).max(0).optional(),
  }),
  response: TenantDocument,
  successStatus: 200,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

/** What the endpoint needs. */
export interface UpdateTenantDeps extends HttpDeps {
  readonly tenants: Pick<TenantStore, "get" | "change">;
}

export const createHandler = (deps: UpdateTenantDeps) =>
  endpoint(spec, deps, async ({ path, body, caller, trail, authorise, expectedVersion }) => {
    const { tenantId } = path;
    const resource = { type: "tenant", id: tenantId };
    trail.about(resource);
    if (!isPlatform(caller.tenantId)) {
      if (tenantId !== caller.tenantId) throw notFound();
      throw accessDenied("tenant:update", "only the platform's operator may do this");
    }
    authorise({ resource });
    if (body.status === "suspended" && isPlatform(tenantId)) {
      throw new AppError("conflict", "The platform's own tenant cannot be suspended.");
    }
    const tenant = await updateTenant(
      deps,
      {
        tenantId,
        change: ({ name, status, policy }) => ({
          name: body.name ?? name,
          status: body.status ?? status,
          policy: body.ipAllowList === undefined ? policy : { ...policy, ipAllowList: [] },
        }),
        expectedVersion: expectedVersion(),
      },
      trail,
    );
    return json(tenantDocument(tenant), { version: tenant.version });
  });

export const handler = createHandler(identityPorts());
