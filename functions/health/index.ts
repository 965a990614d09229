import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";

/** Says that requests are answered. It asks nothing of the database: a load balancer may call it each second. */
export const spec = {
  method: "GET",
  route: "/health",
  summary: "Whether the service answers",
  tag: "Reference",
  permission: "public",
  action: "health:read",
  response: z.object({ status: z.literal("ok") }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps) => endpoint(spec, deps, async () => json({ status: "ok" }));

export const handler = createHandler(platform());
