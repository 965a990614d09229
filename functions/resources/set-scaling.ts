import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import type { ChangeDeps } from "../../lib/resource/change-resource.ts";
import { setScaling } from "../../lib/resource/set-scaling.ts";
import { changeOf } from "./resource-access.ts";
import { ResourcePath } from "./resource-schema.ts";
import { ScalingBody, ScalingDocument, scalingDocument } from "./scaling-schema.ts";

/** Gives an instance group its scaling policy. Needs `instance_group:scale`. */
export const spec = {
  method: "PUT",
  route: "/v1/resources/{resourceId}/scaling",
  summary: "Set the scaling policy of an instance group",
  description:
    "Target tracking: the group is kept at `ceil(desired × load / target)` machines, within the bounds of the policy " +
    "and of the group. It grows on the load of the last two minutes, a cooldown after the last step, and shrinks " +
    "only after three cooldowns (five minutes at least) of low load. Its steps are taken with the rights that the " +
    "caller has then, and end with a revocation of this session.",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:scale" },
  path: ResourcePath,
  body: ScalingBody,
  response: ScalingDocument,
  etag: true,
  errors: ["conflict", "unprocessable"],
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ChangeDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { scaling, revision } = await setScaling(deps, {
      ...changeOf(exchange, "scale"),
      terms: exchange.body,
    });
    if (scaling === undefined) throw notFound();
    return json(scalingDocument(scaling), { version: revision });
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
