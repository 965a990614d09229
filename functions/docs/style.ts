import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { DOCS_STYLE } from "../../lib/http/docs-style.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { text } from "../../lib/http/reply.ts";

/** Gives the style sheet of the reference page. */
export const spec = {
  method: "GET",
  route: "/docs/style.css",
  summary: "The style sheet of the reference page",
  tag: "Reference",
  permission: "public",
  action: "docs:read",
  response: z.string(),
  produces: ["text/css"],
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps) =>
  endpoint(spec, deps, async () =>
    text(DOCS_STYLE, "text/css; charset=utf-8", { headers: { "cache-control": "public, max-age=3600" } }),
  );

export const handler = createHandler(platform());
