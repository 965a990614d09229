import { workflowPorts } from "../../lib/aws/workflow-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import type { TrustStore } from "../../lib/workflow/trust.ts";
import { TrustDocument, trustDocument } from "./trust-document.ts";

/** Shows which CI providers' runs the tenant trusts. */
export const spec = {
  method: "GET",
  route: "/v1/workflow-trust",
  summary: "Which runs of CI providers the tenant trusts",
  tag: "Workflows",
  permission: "workflow:read",
  response: TrustDocument,
  successStatus: 200,
  etag: true,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly trust: Pick<TrustStore, "read"> }) =>
  endpoint(spec, deps, async ({ caller }) => {
    const trust = await deps.trust.read(caller.tenantId);
    return json(trustDocument(trust), { version: trust.version });
  });

export const handler = createHandler(workflowPorts());
