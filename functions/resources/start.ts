import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import type { ChangeDeps } from "../../lib/resource/change-resource.ts";
import { startResource } from "../../lib/resource/start-resource.ts";
import { changeOf } from "./resource-access.ts";
import { ResourceDocument, ResourcePath, resourceDocument } from "./resource-schema.ts";

/** Starts what is stopped; what runs stays as it is. Needs `<type>:start`. */
export const spec = {
  method: "POST",
  route: "/v1/resources/{resourceId}/start",
  summary: "Start a machine or database",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:start" },
  path: ResourcePath,
  response: ResourceDocument,
  etag: true,
  errors: ["conflict", "unprocessable"],
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ChangeDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const resource = await startResource(deps, changeOf(exchange, "start"));
    return json(resourceDocument(resource), { version: resource.revision });
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
