import * as z from "zod";
import { signInPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { TokensDocument, tokensDocument } from "../../lib/http/tokens-document.ts";
import { type IssueTokensDeps, issueTokens } from "../../lib/session/issue-tokens.ts";
import { type RefreshSessionDeps, refreshSession } from "../../lib/session/refresh-session.ts";

/** Goes on with a session: the refresh token is used up, and its successor given. */
export const spec = {
  method: "POST",
  route: "/v1/auth/refresh",
  summary: "Exchange a refresh token for new tokens",
  tag: "Signing in",
  permission: "public",
  action: "auth:refresh",
  body: z.strictObject({ refreshToken: z.string().min(1).max(4096) }),
  response: TokensDocument,
  successStatus: 200,
} as const satisfies EndpointSpec;

/** What the endpoint needs beside the use case. */
export interface RefreshDeps extends HttpDeps, Omit<RefreshSessionDeps, keyof HttpDeps | "refreshTokens"> {
  readonly tokens: HttpDeps["tokens"] & IssueTokensDeps["tokens"];
  readonly refreshTokens: RefreshSessionDeps["refreshTokens"] & IssueTokensDeps["refreshTokens"];
}

export const createHandler = (deps: RefreshDeps) =>
  endpoint(spec, deps, async ({ body, request, trail, nowMs }) => {
    const { refreshToken } = body;
    const { session, tenant } = await refreshSession(deps, { refreshToken, ip: request.ip }, trail);
    const tokens = await issueTokens(deps, session);
    return json(tokensDocument({ session, tenant, tokens, nowMs }));
  });

export const handler = createHandler(signInPorts());
