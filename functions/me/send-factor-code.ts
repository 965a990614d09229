import * as z from "zod";
import { credentialPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { AcceptedDocument, accepted } from "../../lib/http/reply.ts";
import type { SendCodeDeps } from "../../lib/mfa/send-code.ts";
import { sendFactorCode } from "../../lib/mfa/send-factor-code.ts";
import { rowsOf } from "../../lib/session/enrolling.ts";
import type { SignInStore } from "../../lib/session/sign-in-store.ts";

/** Sends a code to a phone of one's own. */
export const spec = {
  method: "POST",
  route: "/v1/me/factors/{factorId}/send",
  summary: "Send a code to your phone",
  description:
    "To verify the phone while it is being added, or to step up this session with. The limits are those of `POST /v1/auth/mfa/send`.",
  tag: "Factors",
  permission: "authenticated",
  action: "auth:mfa-send",
  acceptsChallenge: true,
  forPeople: true,
  beforeStepUp: true,
  path: z.object({ factorId: Id }),
  response: AcceptedDocument,
  successStatus: 202,
  errors: ["not_found", "rate.limited", "mfa.challenge_expired"],
} as const satisfies EndpointSpec;

export const createHandler = (
  deps: HttpDeps & SendCodeDeps & { readonly signIns: Pick<SignInStore, "read"> },
) =>
  endpoint(spec, deps, async ({ caller, path, trail }) => {
    const { account, sentCodes } = await rowsOf(deps, caller);
    const sessionId = "challenge" in caller ? undefined : caller.session.sessionId;
    await sendFactorCode(deps, { account, sentCodes, factorId: path.factorId, sessionId }, trail);
    return accepted();
  });

export const handler = createHandler(credentialPorts());
