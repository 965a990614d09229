import * as z from "zod";
import { consoleFiles } from "../../lib/aws/console-files.ts";
import { platform } from "../../lib/aws/platform.ts";
import { notFound } from "../../lib/errors.ts";
import { type ConsoleFiles, consoleFile } from "../../lib/http/console-file.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";

/** Gives a script, a style sheet or an image of the console; browsers keep what has a digest in its name. */
export const spec = {
  method: "GET",
  route: "/console/{name}",
  summary: "A script or style sheet of the console",
  tag: "Reference",
  permission: "public",
  action: "console:read",
  path: z.object({ name: z.string().max(100) }),
  response: z.string(),
  produces: ["text/javascript", "text/css", "image/svg+xml"],
  successStatus: 200,
  errors: ["not_found"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly files: ConsoleFiles }) =>
  endpoint(spec, deps, async ({ path, request }) => {
    const reply = await consoleFile(deps.files, path.name, request.headers["accept-encoding"]);
    if (reply === undefined) throw notFound();
    return reply;
  });

export const handler = createHandler({ ...platform(), files: consoleFiles() });
