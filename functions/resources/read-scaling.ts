import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import type { AdvanceDeps } from "../../lib/resource/advance-resource.ts";
import { getResource } from "../../lib/resource/get-resource.ts";
import { permitter } from "./resource-access.ts";
import { ResourcePath } from "./resource-schema.ts";
import { ScalingDocument, scalingDocument } from "./scaling-schema.ts";

/** Reads the scaling policy of an instance group. Needs `instance_group:read`. */
export const spec = {
  method: "GET",
  route: "/v1/resources/{resourceId}/scaling",
  summary: "Read the scaling policy of an instance group",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:read" },
  forSupport: true,
  path: ResourcePath,
  response: ScalingDocument,
  etag: true,
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & AdvanceDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { scaling, revision } = await getResource(deps, {
      tenantId: exchange.caller.tenantId,
      resourceId: exchange.path.resourceId,
      permit: permitter(exchange, "read"),
    });
    if (scaling === undefined) throw notFound();
    return json(scalingDocument(scaling), { version: revision });
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
