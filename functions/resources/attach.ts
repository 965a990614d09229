import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { attachSession } from "../../lib/resource/attach-session.ts";
import type { ChangeDeps } from "../../lib/resource/change-resource.ts";
import { changeOf } from "./resource-access.ts";
import { ResourceDocument, ResourcePath, resourceDocument } from "./resource-schema.ts";

/** Attaches a resource to the caller's session for metering; once attached, it stays so. Needs `<type>:attach`. */
export const spec = {
  method: "POST",
  route: "/v1/resources/{resourceId}/attach",
  summary: "Attach a resource to the caller's session",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:attach" },
  path: ResourcePath,
  response: ResourceDocument,
  etag: true,
  errors: ["conflict", "unprocessable"],
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ChangeDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const resource = await attachSession(deps, {
      ...changeOf(exchange, "attach"),
      sessionId: exchange.caller.session.sessionId,
    });
    return json(resourceDocument(resource), { version: resource.revision });
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
