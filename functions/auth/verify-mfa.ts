import * as z from "zod";
import { signInPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { ChallengeToken, FactorCode, Id } from "../../lib/http/parse.ts";
import { sessionTransport } from "../../lib/http/session-transport.ts";
import { TokensDocument, tokensReply } from "../../lib/http/tokens-document.ts";
import { readCode } from "../../lib/mfa/code.ts";
import type { IssueTokensDeps } from "../../lib/session/issue-tokens.ts";
import { type VerifyMfaDeps, verifyMfa } from "../../lib/session/verify-mfa.ts";

/** Completes a sign-in with the second factor: a TOTP, an SMS code or a recovery code. */
export const spec = {
  method: "POST",
  route: "/v1/auth/mfa",
  summary: "Complete a sign-in with a second factor",
  description:
    "`code` is six ASCII digits of an authenticator app or a short message, or a recovery code in any case, with or without hyphens and spaces. Each is good once. A wrong one counts against the challenge, which takes five, and against the account, as a wrong password does: a new challenge brings no new attempts.",
  tag: "Signing in",
  permission: "public",
  action: "auth:mfa",
  body: z.strictObject({
    challengeToken: ChallengeToken,
    factorId: Id.optional(),
    code: FactorCode,
  }),
  response: TokensDocument,
  successStatus: 200,
  errors: ["mfa.invalid_code", "mfa.challenge_expired", "session.limit_reached", "rate.limited"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & VerifyMfaDeps & IssueTokensDeps) =>
  endpoint(spec, deps, async ({ body, request, trail, nowMs }) => {
    const transport = sessionTransport(request);
    const { session, account } = await verifyMfa(
      deps,
      {
        challengeToken: body.challengeToken,
        factorId: body.factorId,
        code: readCode(body.code, "/code"),
        place: request,
        requestId: request.requestId,
      },
      trail,
    );
    return await tokensReply(deps, { session, tenant: account.tenant, transport, nowMs });
  });

export const handler = createHandler(signInPorts());
