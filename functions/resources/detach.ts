import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import type { ChangeDeps } from "../../lib/resource/change-resource.ts";
import { detachSession } from "../../lib/resource/detach-session.ts";
import { changeOf } from "./resource-access.ts";
import { ResourceDocument, ResourcePath, resourceDocument } from "./resource-schema.ts";

/** Lets the caller's session go of a resource; the next session that holds it is metered for it. Needs `<type>:detach`. */
export const spec = {
  method: "POST",
  route: "/v1/resources/{resourceId}/detach",
  summary: "Let the caller's session go of a resource",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:detach" },
  path: ResourcePath,
  response: ResourceDocument,
  etag: true,
  errors: ["conflict", "unprocessable"],
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ChangeDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const resource = await detachSession(deps, {
      ...changeOf(exchange, "detach"),
      sessionId: exchange.caller.session.sessionId,
    });
    return json(resourceDocument(resource), { version: resource.revision });
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
