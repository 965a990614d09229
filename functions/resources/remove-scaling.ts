import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { noContent } from "../../lib/http/reply.ts";
import type { ChangeDeps } from "../../lib/resource/change-resource.ts";
import { removeScaling } from "../../lib/resource/remove-scaling.ts";
import { changeOf } from "./resource-access.ts";
import { ResourcePath } from "./resource-schema.ts";

/** Takes the scaling policy of an instance group away; the group stays as large as it is. Needs `instance_group:scale`. */
export const spec = {
  method: "DELETE",
  route: "/v1/resources/{resourceId}/scaling",
  summary: "Remove the scaling policy of an instance group",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:scale" },
  path: ResourcePath,
  response: z.void(),
  errors: ["conflict", "unprocessable", "precondition.failed"],
  successStatus: 204,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ChangeDeps) =>
  endpoint(spec, deps, async (exchange) => {
    await removeScaling(deps, changeOf(exchange, "scale"));
    return noContent();
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
