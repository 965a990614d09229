import * as z from "zod";
import { workflowPorts } from "../../lib/aws/workflow-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { noContent } from "../../lib/http/reply.ts";
import { type DeleteApiKeyDeps, deleteApiKey } from "../../lib/workflow/delete-api-key.ts";

/** Deletes an API key, and ends its sessions. */
export const spec = {
  method: "DELETE",
  route: "/v1/api-keys/{keyId}",
  summary: "Delete an API key and end its sessions",
  tag: "Workflows",
  permission: { decidedBy: "handler", action: "apikey:delete" },
  path: z.object({ keyId: Id }),
  response: z.void(),
  successStatus: 204,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & DeleteApiKeyDeps) =>
  endpoint(spec, deps, async ({ path: { keyId }, caller, trail, authorise }) => {
    const resource = { type: "apikey", id: keyId };
    trail.about(resource);
    authorise({ resource });
    await deleteApiKey(deps, { tenant: caller.tenant, keyId }, trail);
    return noContent();
  });

export const handler = createHandler(workflowPorts());
