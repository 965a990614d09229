import * as z from "zod";
import { platform, sessionEnding } from "../../lib/aws/platform.ts";
import { NO_REFRESH_COOKIE, refreshCookieOf } from "../../lib/http/cookies.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { noContent } from "../../lib/http/reply.ts";
import { sessionTransport } from "../../lib/http/session-transport.ts";
import type { EndSessionDeps } from "../../lib/session/end-session.ts";
import { logOut } from "../../lib/session/log-out.ts";

/** Ends the caller's session. The second call finds it ended: 401. */
export const spec = {
  method: "POST",
  route: "/v1/auth/logout",
  summary: "Sign out of this session",
  description:
    "The session is that of the access token, or without one that of the cookie `__Host-refresh`. Where the cookie came, `Origin` must be one of the service's own pages and `Sec-Fetch-Site` of its site; the cookie is taken away and `Clear-Site-Data` clears what the browser keeps.",
  tag: "Signing in",
  permission: "authenticated",
  forSupport: true,
  action: "auth:logout",
  beforeStepUp: true,
  takesRefreshCookie: true,
  response: z.void(),
  successStatus: 204,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & EndSessionDeps) =>
  endpoint(spec, deps, async ({ caller, request, trail }) => {
    await logOut(deps, caller.session, trail);
    const isBrowser = refreshCookieOf(request) !== undefined || sessionTransport(request) === "cookie";
    if (!isBrowser) return noContent();
    return noContent({
      headers: { "clear-site-data": '"cache", "cookies", "storage"' },
      cookies: [NO_REFRESH_COOKIE],
    });
  });

export const handler = createHandler({ ...platform(), ...sessionEnding() });
