import * as z from "zod";
import { signInPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { ChallengeToken } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { type OfferPasskeyDeps, offerPasskey } from "../../lib/session/offer-passkey.ts";

/** Gives a browser what its passkey is to sign. */
export const spec = {
  method: "POST",
  route: "/v1/auth/passkey/options",
  summary: "Ask for a passkey",
  description:
    "Without a `challengeToken` any passkey of this deployment can answer: to sign in with it alone, which demands that it verifies its user, or to step up. With one, those of the account whose sign-in it is, as its second factor. `options` are `PublicKeyCredentialRequestOptionsJSON`, good for 5 minutes and one answer.",
  tag: "Signing in",
  permission: "public",
  action: "auth:passkey-offer",
  body: z.strictObject({ challengeToken: ChallengeToken.optional() }),
  bodyOptional: true,
  response: z.object({ passkeyToken: z.string(), options: z.looseObject({ challenge: z.string() }) }),
  successStatus: 200,
  errors: ["mfa.challenge_expired", "conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & OfferPasskeyDeps) =>
  endpoint(spec, deps, async ({ body, trail }) => json(await offerPasskey(deps, body.challengeToken, trail)));

export const handler = createHandler(signInPorts());
