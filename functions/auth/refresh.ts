import * as z from "zod";
import { platform, sessionEnding } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { AppError } from "../../lib/errors.ts";
import { refreshCookieOf } from "../../lib/http/cookies.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import type { HttpRequest } from "../../lib/http/request.ts";
import { sessionTransport } from "../../lib/http/session-transport.ts";
import { TokensDocument, tokensReply } from "../../lib/http/tokens-document.ts";
import type { IssueTokensDeps } from "../../lib/session/issue-tokens.ts";
import { type RefreshSessionDeps, refreshSession } from "../../lib/session/refresh-session.ts";

/** Goes on with a session: the refresh token is used up, and its successor given. */
export const spec = {
  method: "POST",
  route: "/v1/auth/refresh",
  summary: "Exchange a refresh token for new tokens",
  description:
    "The token is in the body, or in the cookie `__Host-refresh`: then `Origin` must be one of the service's own pages and `Sec-Fetch-Site` of its site, and the successor comes in the cookie too. For 10 seconds the token before the present one gives the same successor again; anything older ends the session. An access token may come along, and then has to be of the same session.",
  tag: "Signing in",
  permission: "public",
  action: "auth:refresh",
  body: z.strictObject({ refreshToken: z.string().min(1).max(4096).optional() }),
  bodyOptional: true,
  takesRefreshCookie: true,
  response: TokensDocument,
  successStatus: 200,
  errors: ["refresh.invalid", "refresh.reused", "session.ended", "access.denied"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & RefreshSessionDeps & IssueTokensDeps) =>
  endpoint(spec, deps, async ({ body, request, trail, nowMs }) => {
    const cookie = refreshCookieOf(request);
    const refreshToken = body.refreshToken ?? cookie;
    if (refreshToken === undefined) throw new AppError("refresh.invalid", "Send a refresh token.");
    const { session, tenant } = await refreshSession(
      deps,
      { refreshToken, ip: request.ip, besideSessionId: await besideSession(deps, request) },
      trail,
    );
    const transport = body.refreshToken === undefined ? "cookie" : sessionTransport(request);
    return await tokensReply(deps, { session, tenant, transport, nowMs });
  });

/** Whose access token came along. One that has expired is no reason to refuse: that is what refreshing is for. */
async function besideSession(
  { tokens }: Pick<HttpDeps, "tokens">,
  { headers }: HttpRequest,
): Promise<string | undefined> {
  const [, token] = /^bearer (\S+)$/i.exec(headers["authorization"] ?? "") ?? [];
  if (token === undefined) return undefined;
  try {
    return (await tokens.verify(token)).sessionId;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "auth.token_expired") return undefined;
    throw thrown;
  }
}

export const handler = createHandler({ ...platform(), ...sessionEnding(), sessions: sessionTable() });
