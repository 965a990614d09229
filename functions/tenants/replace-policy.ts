import { identityPorts } from "../../lib/aws/identity-ports.ts";
import { AppError } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { isPlatform } from "../../lib/identity/tenant.ts";
import type { TenantStore } from "../../lib/identity/tenant-store.ts";
import { updateTenant } from "../../lib/identity/update-tenant.ts";
import { PolicyDocument, PolicySchema } from "./policy-schema.ts";

/** Puts a policy in the place of the tenant's. */
export const spec = {
  method: "PUT",
  route: "/v1/tenant/policy",
  summary: "Replace the tenant's policy for sessions",
  description:
    "The whole policy is replaced: a member that is left out takes its default, not the value that it had. It holds from the next request on, for running sessions too; a shorter timeout ends those that are over it. An `ipAllowList` may leave the caller's own address out, and then refuses the very next request from there; the platform's operator can lift it (`PATCH /v1/tenants/{tenantId}`). `activityRetentionDays` counts for records that come from now on.",
  tag: "Tenants",
  permission: { decidedBy: "handler", action: "tenant:update" },
  body: PolicySchema,
  response: PolicyDocument,
  successStatus: 200,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

/** What the endpoint needs. */
export interface ReplacePolicyDeps extends HttpDeps {
  readonly tenants: Pick<TenantStore, "get" | "change">;
}

export const createHandler = (deps: ReplacePolicyDeps) =>
  endpoint(spec, deps, async ({ body, caller, request, trail, authorise, expectedVersion }) => {
    const { tenantId } = caller;
    const resource = { type: "tenant", id: tenantId };
    trail.about(resource);
    authorise({ resource });
    const { ipAllowList } = body;
    const isShutOut = ipAllowList.length > 0 && !deps.isAddressAllowed(request.ip, ipAllowList);
    if (isShutOut && isPlatform(tenantId)) {
      throw new AppError("conflict", "The list leaves your own address out, and nobody could lift it.", {
        errors: [{ pointer: "/ipAllowList", message: "must hold the address that you are at" }],
      });
    }
    const tenant = await updateTenant(
      deps,
      { tenantId, change: () => ({ policy: body }), expectedVersion: expectedVersion() },
      trail,
    );
    return json(tenant.policy, { version: tenant.version });
  });

export const handler = createHandler(identityPorts());
