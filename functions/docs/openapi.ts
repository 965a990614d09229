import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import document from "../../openapi.json" with { type: "json" };

/** Gives the OpenAPI document that this deployment was built with. */
export const spec = {
  method: "GET",
  route: "/openapi.json",
  summary: "This document",
  tag: "Reference",
  permission: "public",
  action: "docs:read",
  response: z.looseObject({ openapi: z.string() }).meta({ description: "OpenAPI 3.1." }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps) => endpoint(spec, deps, async () => json(document));

export const handler = createHandler(platform());
