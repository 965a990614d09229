import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { noContent } from "../../lib/http/reply.ts";
import type { ChangeDeps } from "../../lib/resource/change-resource.ts";
import { deleteResource } from "../../lib/resource/delete-resource.ts";
import { changeOf, maySee, permitBeside } from "./resource-access.ts";
import { ResourcePath } from "./resource-schema.ts";

/** Deletes a resource; one that is deleted stays so. Needs `<type>:delete`. */
export const spec = {
  method: "DELETE",
  route: "/v1/resources/{resourceId}",
  summary: "Delete a resource",
  description:
    "409 with `dependents` where others depend on it. With `?cascade=true` the volumes of a machine are deleted with " +
    "it, a load balancer loses it as a target (and is deleted with its last one), and the machine of a volume lets " +
    "it go; each of these is authorised, and on record, by itself.",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:delete" },
  path: ResourcePath,
  query: z.object({ cascade: z.enum(["true", "false"]).default("false") }),
  response: z.void(),
  errors: ["conflict", "precondition.failed"],
  successStatus: 204,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ChangeDeps) =>
  endpoint(spec, deps, async (exchange) => {
    await deleteResource(deps, {
      ...changeOf(exchange, "delete"),
      isCascade: exchange.query.cascade === "true",
      maySee: (dependent) => maySee(exchange, dependent),
      permitDependent: (dependent, action) => permitBeside(exchange, dependent, action),
    });
    return noContent();
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
