import * as z from "zod";
import { signInPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PasskeyToken, PublicKeyCredential } from "../../lib/http/parse.ts";
import { sessionTransport } from "../../lib/http/session-transport.ts";
import { TokensDocument, tokensReply } from "../../lib/http/tokens-document.ts";
import type { IssueTokensDeps } from "../../lib/session/issue-tokens.ts";
import { type SignInWithPasskeyDeps, signInWithPasskey } from "../../lib/session/sign-in-with-passkey.ts";

/** Signs in with a passkey: alone, or as the second factor of a login. */
export const spec = {
  method: "POST",
  route: "/v1/auth/passkey",
  summary: "Sign in with a passkey",
  description:
    "A passkey that verified its user counts as two factors. Failures of others never hold it up: it cannot be guessed.",
  tag: "Signing in",
  permission: "public",
  action: "auth:passkey",
  body: z.strictObject({ passkeyToken: PasskeyToken, credential: PublicKeyCredential }),
  response: TokensDocument,
  successStatus: 200,
  errors: ["auth.invalid_credentials", "mfa.invalid_code", "mfa.challenge_expired", "session.limit_reached"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & SignInWithPasskeyDeps & IssueTokensDeps) =>
  endpoint(spec, deps, async ({ body, request, trail, nowMs }) => {
    const transport = sessionTransport(request);
    const { session, account } = await signInWithPasskey(
      deps,
      { ...body, place: request, requestId: request.requestId },
      trail,
    );
    return await tokensReply(deps, { session, tenant: account.tenant, transport, nowMs });
  });

export const handler = createHandler(signInPorts());
