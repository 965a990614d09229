import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { methodsOf } from "../../lib/http/known-paths.ts";
import { methodNotAllowed } from "../../lib/http/problem.ts";
import document from "../../openapi.json" with { type: "json" };

/** Answers where there is no endpoint: 405 on a path that takes other methods, else 404. */
export const spec = {
  method: "ANY",
  route: "$default",
  summary: "Everything else",
  tag: "Reference",
  permission: "public",
  action: "docs:read",
  response: z.never(),
  successStatus: 204,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps) =>
  endpoint(spec, deps, async ({ request }) => {
    const methods = methodsOf(document.paths, request.path);
    throw methods.length === 0 ? notFound() : methodNotAllowed(methods);
  });

export const handler = createHandler(platform());
