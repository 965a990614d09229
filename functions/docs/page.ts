import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { docsPage } from "../../lib/http/docs-page.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { text } from "../../lib/http/reply.ts";
import document from "../../openapi.json" with { type: "json" };

/** Shows the reference as one page that needs no script and nothing from elsewhere. */
export const spec = {
  method: "GET",
  route: "/docs",
  summary: "The reference as a page",
  tag: "Reference",
  permission: "public",
  action: "docs:read",
  response: z.string(),
  produces: ["text/html"],
  successStatus: 200,
} as const satisfies EndpointSpec;

const POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Makes the handler; the page is written once for each life of the function. */
export const createHandler = (deps: HttpDeps) => {
  let page: string | undefined;
  return endpoint(spec, deps, async () => {
    page ??= docsPage(document, `/docs/style.css?v=${document.info.version}`);
    return text(page, "text/html; charset=utf-8", { headers: { "content-security-policy": POLICY } });
  });
};

export const handler = createHandler(platform());
