import * as z from "zod";
import { credentialPorts } from "../../lib/aws/sign-in-ports.ts";
import { invalidField } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import { FactorDocument, factorDocument } from "../../lib/http/factor-document.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { FactorCode, Id, PublicKeyCredential } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { sessionTransport } from "../../lib/http/session-transport.ts";
import { TokensDocument, tokensReply } from "../../lib/http/tokens-document.ts";
import { isSixDigits } from "../../lib/mfa/code.ts";
import type { Shown } from "../../lib/mfa/prove-factor.ts";
import {
  type ConfirmEnrolmentDeps,
  type ConfirmFactorDeps,
  confirmEnrolment,
  confirmFactor,
  type FactorConfirmed,
} from "../../lib/session/confirm-factor.ts";
import type { IssueTokensDeps } from "../../lib/session/issue-tokens.ts";

const ByCode = z.strictObject({ code: FactorCode });
const ByPasskey = z.strictObject({ credential: PublicKeyCredential });

/** Shows that a new factor works: from then on it protects. */
export const spec = {
  method: "POST",
  route: "/v1/me/factors/{factorId}/verify",
  summary: "Verify a new factor",
  description:
    "The first factor also answers `recoveryCodes`, ten codes that are shown once and are each good once. For a sign-in that waits for its first factor the answer holds the tokens too.",
  tag: "Factors",
  permission: "authenticated",
  action: "factor:verify",
  acceptsChallenge: true,
  forPeople: true,
  path: z.object({ factorId: Id }),
  body: z.union([ByCode, ByPasskey]),
  response: FactorDocument.extend({
    recoveryCodes: z.array(z.string()).optional(),
    ...TokensDocument.partial().shape,
  }),
  successStatus: 200,
  errors: ["mfa.invalid_code", "mfa.challenge_expired", "not_found", "conflict", "rate.limited"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ConfirmFactorDeps & ConfirmEnrolmentDeps & IssueTokensDeps) =>
  endpoint(spec, deps, async ({ body, caller, path, request, trail, nowMs }) => {
    const transport = sessionTransport(request);
    const input = {
      factorId: path.factorId,
      shown: shownBy(body),
      place: request,
      requestId: request.requestId,
    };
    if (!("challenge" in caller)) {
      return json(documentOf(await confirmFactor(deps, { ...input, caller }, trail)));
    }
    const confirmed = await confirmEnrolment(deps, { ...input, caller }, trail);
    const opened = { session: confirmed.session, tenant: caller.tenant, transport, nowMs };
    return await tokensReply(deps, opened, documentOf(confirmed));
  });

function shownBy(body: z.output<typeof spec.body>): Shown {
  if ("credential" in body) return { credential: body.credential };
  if (!isSixDigits(body.code)) throw invalidField("/code", "must be six digits 0-9");
  return { digits: body.code };
}

function documentOf({ factor, recoveryCodes }: FactorConfirmed) {
  return { ...factorDocument(factor), ...(recoveryCodes === undefined ? {} : { recoveryCodes }) };
}

export const handler = createHandler(credentialPorts());
