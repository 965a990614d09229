import * as z from "zod";
import { platform, sessionEnding } from "../../lib/aws/platform.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { noContent } from "../../lib/http/reply.ts";
import type { EndSessionDeps } from "../../lib/session/end-session.ts";
import { logOut } from "../../lib/session/log-out.ts";

/** Ends the caller's session. The second call finds it ended: 401. */
export const spec = {
  method: "POST",
  route: "/v1/auth/logout",
  summary: "Sign out of this session",
  tag: "Signing in",
  permission: "authenticated",
  action: "auth:logout",
  response: z.void(),
  successStatus: 204,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & EndSessionDeps) =>
  endpoint(spec, deps, async ({ caller, trail }) => {
    await logOut(deps, caller.session, trail);
    return noContent();
  });

export const handler = createHandler({ ...platform(), ...sessionEnding() });
