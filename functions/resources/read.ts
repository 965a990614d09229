import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import type { AdvanceDeps } from "../../lib/resource/advance-resource.ts";
import { getResource } from "../../lib/resource/get-resource.ts";
import { permitter } from "./resource-access.ts";
import { ResourceDocument, ResourcePath, resourceDocument } from "./resource-schema.ts";

/** Reads a resource in the state that its provider has it in. Needs `<type>:read`. */
export const spec = {
  method: "GET",
  route: "/v1/resources/{resourceId}",
  summary: "Read a resource",
  description:
    "The `ETag` counts what people changed. What the provider reports does not move it, so that `If-Match` guards " +
    "against lost updates and against nothing else.",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:read" },
  forSupport: true,
  path: ResourcePath,
  response: ResourceDocument,
  etag: true,
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & AdvanceDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path } = exchange;
    const resource = await getResource(deps, {
      tenantId: caller.tenantId,
      resourceId: path.resourceId,
      permit: permitter(exchange, "read"),
    });
    return json(resourceDocument(resource), { version: resource.revision });
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
