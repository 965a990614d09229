import * as z from "zod";
import { consoleFiles } from "../../lib/aws/console-files.ts";
import { env } from "../../lib/aws/env.ts";
import { platform } from "../../lib/aws/platform.ts";
import { notFound } from "../../lib/errors.ts";
import { type ConsoleFiles, consolePolicy } from "../../lib/http/console-file.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";

/** Gives the page of the console. It is not kept by browsers: it names the scripts of this deployment. */
export const spec = {
  method: "GET",
  route: "/",
  summary: "The console",
  tag: "Reference",
  permission: "public",
  action: "console:read",
  response: z.string(),
  produces: ["text/html"],
  successStatus: 200,
} as const satisfies EndpointSpec;

/** What the page needs. */
export interface ConsolePageDeps extends HttpDeps {
  readonly files: ConsoleFiles;
  readonly liveUrl: string;
}

export const createHandler = (deps: ConsolePageDeps) =>
  endpoint(spec, deps, async () => {
    const page = await deps.files.read("index.html");
    if (page === undefined) throw notFound();
    return {
      status: 200,
      text: page,
      isBase64: true,
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": consolePolicy(deps.liveUrl),
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
      },
    };
  });

export const handler = createHandler({
  ...platform(),
  files: consoleFiles(),
  liveUrl: env.liveUrl,
});
