import * as z from "zod";
import { signInPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { FactorCode, Id, PasskeyToken, PublicKeyCredential } from "../../lib/http/parse.ts";
import { sessionTransport } from "../../lib/http/session-transport.ts";
import { TokensDocument, tokensReply } from "../../lib/http/tokens-document.ts";
import { readCode } from "../../lib/mfa/code.ts";
import type { IssueTokensDeps } from "../../lib/session/issue-tokens.ts";
import { type StepUp, type StepUpDeps, stepUp } from "../../lib/session/step-up.ts";

const ByCode = z.strictObject({ factorId: Id.optional(), code: FactorCode });
const ByPasskey = z.strictObject({ passkeyToken: PasskeyToken, credential: PublicKeyCredential });

/** Verifies a factor again, for what needs a recent one. */
export const spec = {
  method: "POST",
  route: "/v1/auth/step-up",
  summary: "Verify a factor again (RFC 9470)",
  description:
    "The tokens have a fresh `auth_time` and `amr`, and the refresh token moves on by one. Access tokens given before do not gain by it: use the new one. A code by SMS is asked for with `POST /v1/me/factors/{factorId}/send`, a passkey with `POST /v1/auth/passkey/options`.",
  tag: "Signing in",
  permission: "authenticated",
  action: "auth:step-up",
  forPeople: true,
  beforeStepUp: true,
  body: z.union([ByCode, ByPasskey]),
  response: TokensDocument,
  successStatus: 200,
  errors: ["mfa.invalid_code", "mfa.challenge_expired", "mfa.enrollment_required", "rate.limited"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & StepUpDeps & IssueTokensDeps) =>
  endpoint(spec, deps, async ({ body, caller, request, trail, nowMs }) => {
    const transport = sessionTransport(request);
    const session = await stepUp(
      deps,
      { caller, shown: shownBy(body), place: request, requestId: request.requestId },
      trail,
    );
    return await tokensReply(deps, { session, tenant: caller.tenant, transport, nowMs });
  });

function shownBy(body: z.output<typeof spec.body>): StepUp["shown"] {
  return "code" in body ? { ...body, code: readCode(body.code, "/code") } : body;
}

export const handler = createHandler(signInPorts());
