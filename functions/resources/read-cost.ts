import * as z from "zod";
import { ratingPorts } from "../../lib/aws/billing-ports.ts";
import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { type CostOfResourceDeps, costOfResource } from "../../lib/billing/cost-of-resource.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import type { AdvanceDeps } from "../../lib/resource/advance-resource.ts";
import { getResource } from "../../lib/resource/get-resource.ts";
import { toRfc3339 } from "../../lib/time.ts";
import { groupUsage } from "../../lib/usage/group-usage.ts";
import { permitter } from "./resource-access.ts";
import { ResourcePath } from "./resource-schema.ts";

/** Tells what a resource has cost this month so far. Needs `<type>:read`. */
export const spec = {
  method: "GET",
  route: "/v1/resources/{resourceId}/cost",
  summary: "What a resource has cost this month",
  description:
    "The resource's part of each line of the month so far, by what it used inside of sessions; before taxes and the " +
    "minimum, which belong to no resource. The costs of all resources add up to the lines.",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:read" },
  forSupport: true,
  path: ResourcePath,
  response: z.object({
    period: z.object({ start: z.string(), end: z.string() }),
    currency: z.string(),
    amount: z.string(),
    lines: z.array(
      z.object({ meter: z.string(), quantity: z.string(), unit: z.string(), amount: z.string() }),
    ),
  }),
  successStatus: 200,
  errors: ["unprocessable"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & AdvanceDeps & CostOfResourceDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path } = exchange;
    const of = { tenantId: caller.tenantId, resourceId: path.resourceId };
    await getResource(deps, { ...of, permit: permitter(exchange, "read") });
    const { period, ...cost } = await costOfResource(deps, of);
    return json({
      period: { start: toRfc3339(period.startAtMs), end: toRfc3339(period.endAtMs) },
      ...cost,
    });
  });

export const handler = createHandler({ ...platform(), ...resourcePorts(), ...ratingPorts(), groupUsage });
