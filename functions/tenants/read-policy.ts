import { platform } from "../../lib/aws/platform.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { PolicyDocument } from "./policy-schema.ts";

/** Shows the policy of the caller's tenant. */
export const spec = {
  method: "GET",
  route: "/v1/tenant/policy",
  summary: "Read the tenant's policy for sessions",
  tag: "Tenants",
  permission: { decidedBy: "handler", action: "tenant:read" },
  response: PolicyDocument,
  successStatus: 200,
  etag: true,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps) =>
  endpoint(spec, deps, async ({ caller, trail, authorise }) => {
    const resource = { type: "tenant", id: caller.tenantId };
    trail.about(resource);
    authorise({ resource });
    return json(caller.tenant.policy, { version: caller.tenant.version });
  });

export const handler = createHandler(platform());
