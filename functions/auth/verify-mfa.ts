import * as z from "zod";
import { signInPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { TokensDocument, tokensDocument } from "../../lib/http/tokens-document.ts";
import { readCode } from "../../lib/mfa/code.ts";
import { type IssueTokensDeps, issueTokens } from "../../lib/session/issue-tokens.ts";
import type { Device } from "../../lib/session/session.ts";
import { type VerifyMfaDeps, verifyMfa } from "../../lib/session/verify-mfa.ts";

/** Completes a sign-in with the second factor: a TOTP, an SMS code or a recovery code. */
export const spec = {
  method: "POST",
  route: "/v1/auth/mfa",
  summary: "Complete a sign-in with a second factor",
  tag: "Signing in",
  permission: "public",
  action: "auth:mfa",
  body: z.strictObject({
    challengeToken: z.string().min(1).max(4096),
    factorId: z.string().min(1).max(64).optional(),
    code: z.string().min(1).max(64),
  }),
  response: TokensDocument,
  successStatus: 200,
} as const satisfies EndpointSpec;

/** What the endpoint needs beside the use case. */
export interface VerifyMfaEndpointDeps
  extends HttpDeps,
    Omit<VerifyMfaDeps, keyof HttpDeps>,
    Omit<IssueTokensDeps, "tokens"> {
  readonly tokens: HttpDeps["tokens"] & IssueTokensDeps["tokens"];
  readonly describeDevice: (userAgent: string, name: string | undefined) => Device;
}

export const createHandler = (deps: VerifyMfaEndpointDeps) =>
  endpoint(spec, deps, async ({ body, request, trail, nowMs }) => {
    const { ip, userAgent } = request;
    const { session, account } = await verifyMfa(
      deps,
      {
        challengeToken: body.challengeToken,
        factorId: body.factorId,
        code: readCode(body.code, "/code"),
        device: (name) => deps.describeDevice(userAgent, name),
        ip,
        userAgent,
      },
      trail,
    );
    const tokens = await issueTokens(deps, session);
    return json(tokensDocument({ session, tenant: account.tenant, tokens, nowMs }));
  });

export const handler = createHandler(signInPorts());
