import * as z from "zod";
import { signInPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { ChallengeToken, Id } from "../../lib/http/parse.ts";
import { sessionTransport } from "../../lib/http/session-transport.ts";
import { TokensDocument, tokensReply } from "../../lib/http/tokens-document.ts";
import type { IssueTokensDeps } from "../../lib/session/issue-tokens.ts";
import { type ReplaceSessionDeps, replaceSession } from "../../lib/session/replace-session.ts";

/** Ends the session that the user chose and signs in, where the limit of sessions is reached. */
export const spec = {
  method: "POST",
  route: "/v1/auth/replace",
  summary: "End one session and sign in in its place",
  description: "`challengeToken` and the sessions to choose from come with 409 `session.limit_reached`.",
  tag: "Signing in",
  permission: "public",
  action: "auth:replace",
  body: z.strictObject({ challengeToken: ChallengeToken, sessionId: Id }),
  response: TokensDocument,
  successStatus: 200,
  errors: ["mfa.challenge_expired", "not_found", "session.limit_reached"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ReplaceSessionDeps & IssueTokensDeps) =>
  endpoint(spec, deps, async ({ body, request, trail, nowMs }) => {
    const transport = sessionTransport(request);
    const { session, account } = await replaceSession(deps, { ...body, place: request }, trail);
    return await tokensReply(deps, { session, tenant: account.tenant, transport, nowMs });
  });

export const handler = createHandler(signInPorts());
