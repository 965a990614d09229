import { workflowPorts } from "../../lib/aws/workflow-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { type ReplaceTrustDeps, replaceTrust } from "../../lib/workflow/replace-trust.ts";
import { TrustDocument, TrustInput, trustDocument } from "./trust-document.ts";

/** Puts trust rules in the place of the tenant's. */
export const spec = {
  method: "PUT",
  route: "/v1/workflow-trust",
  summary: "Replace the rules by which runs of CI providers are trusted",
  description:
    "The whole document is replaced; the first rule that matches a token gives its roles. Only roles whose permissions the caller holds can be given anew. Trusting a run is as sensitive as making an API key, and asks for what `apikey:create` asks for as well. A rule needs a claim that says whose runs it trusts. A rule that asks for something else is another rule: sessions of rules that are gone end.",
  tag: "Workflows",
  permission: { decidedBy: "handler", action: "workflow:update" },
  forPeople: true,
  body: TrustInput,
  response: TrustDocument,
  successStatus: 200,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ReplaceTrustDeps) =>
  endpoint(spec, deps, async ({ body, caller, trail, authorise, expectedVersion }) => {
    trail.about({ type: "workflow-trust", id: caller.tenantId });
    authorise({ resource: "*" });
    authorise({ action: "apikey:create", resource: "*" });
    const trust = await replaceTrust(
      deps,
      { by: caller, tenant: caller.tenant, rules: body.rules, expectedVersion: expectedVersion() },
      trail,
    );
    return json(trustDocument(trust), { version: trust.version });
  });

export const handler = createHandler(workflowPorts());
