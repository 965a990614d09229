import * as z from "zod";
import { env } from "../../lib/aws/env.ts";
import { platform } from "../../lib/aws/platform.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";

/** Says where decisions are asked for (OpenID AuthZEN 1.0 section 9). */
export const spec = {
  method: "GET",
  route: "/.well-known/authzen-configuration",
  summary: "Where decisions are asked for (OpenID AuthZEN 1.0)",
  tag: "Standards",
  permission: "public",
  action: "access:discover",
  response: z.object({
    policy_decision_point: z.url(),
    access_evaluation_endpoint: z.url(),
    access_evaluations_endpoint: z.url(),
  }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly publicUrl: string }) =>
  endpoint(spec, deps, async () =>
    json({
      policy_decision_point: deps.publicUrl,
      access_evaluation_endpoint: `${deps.publicUrl}/access/v1/evaluation`,
      access_evaluations_endpoint: `${deps.publicUrl}/access/v1/evaluations`,
    }),
  );

export const handler = createHandler({ ...platform(), publicUrl: env.issuer });
