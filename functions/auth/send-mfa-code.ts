import * as z from "zod";
import { credentialPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { ChallengeToken, Id } from "../../lib/http/parse.ts";
import { AcceptedDocument, accepted } from "../../lib/http/reply.ts";
import { type SendMfaCodeDeps, sendMfaCode } from "../../lib/session/send-mfa-code.ts";

/** Sends the code of a sign-in to one of the user's phones. */
export const spec = {
  method: "POST",
  route: "/v1/auth/mfa/send",
  summary: "Send the code of a sign-in by SMS",
  description:
    "The code has six digits, lives 5 minutes and is good once, for this sign-in alone; it takes the place of the one before. At most one in 30 seconds and five in an hour for a factor, and ten in an hour for a user.",
  tag: "Signing in",
  permission: "public",
  action: "auth:mfa-send",
  body: z.strictObject({ challengeToken: ChallengeToken, factorId: Id }),
  response: AcceptedDocument,
  successStatus: 202,
  errors: ["mfa.challenge_expired", "not_found", "rate.limited"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & SendMfaCodeDeps) =>
  endpoint(spec, deps, async ({ body, trail }) => {
    await sendMfaCode(deps, body, trail);
    return accepted();
  });

export const handler = createHandler(credentialPorts());
