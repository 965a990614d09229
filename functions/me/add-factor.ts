import * as z from "zod";
import { credentialPorts } from "../../lib/aws/sign-in-ports.ts";
import { invalidField } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import { FactorType } from "../../lib/http/factor-document.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { parsePhone } from "../../lib/mfa/factor.ts";
import {
  type StartEnrolment,
  type StartEnrolmentDeps,
  startEnrolment,
} from "../../lib/mfa/start-enrolment.ts";
import { rowsOf } from "../../lib/session/enrolling.ts";
import type { SignInStore } from "../../lib/session/sign-in-store.ts";

/** Adds a factor of one's own, which has to be verified before it counts. */
export const spec = {
  method: "POST",
  route: "/v1/me/factors",
  summary: "Add a factor",
  description:
    "An authenticator app gets `secret`, `otpauthUri` and `qrSvg`; a phone is sent a code; a browser gets `options` (`PublicKeyCredentialCreationOptionsJSON`). It counts once `POST /v1/me/factors/{factorId}/verify` has shown that it works, within 15 minutes. Who has a factor already must have verified one a short while ago. A sign-in that answered `mfa_enrollment_required` sends `Authorization: Challenge` with its token.",
  tag: "Factors",
  permission: "authenticated",
  action: "factor:create",
  acceptsChallenge: true,
  forPeople: true,
  stepUp: "with_factor",
  body: z.strictObject({
    type: FactorType,
    label: z.string().trim().min(1).max(64),
    phone: z.string().max(32).optional(),
  }),
  response: z.object({
    id: z.string(),
    type: FactorType,
    label: z.string(),
    secret: z.string().optional(),
    otpauthUri: z.string().optional(),
    qrSvg: z.string().optional(),
    options: z.looseObject({ challenge: z.string() }).optional(),
  }),
  successStatus: 201,
  errors: ["access.denied", "conflict", "rate.limited", "mfa.challenge_expired"],
} as const satisfies EndpointSpec;

export const createHandler = (
  deps: HttpDeps & StartEnrolmentDeps & { readonly signIns: Pick<SignInStore, "read"> },
) =>
  endpoint(spec, deps, async ({ body, caller, trail, newId }) => {
    const wanted = wantedBy(body);
    const { account, sentCodes } = await rowsOf(deps, caller);
    const factorId = newId("fac");
    trail.about({ type: "factor", id: factorId });
    trail.note({ factorType: body.type });
    const { factor, setup, options } = await startEnrolment(
      deps,
      { account, sentCodes, factorId, label: body.label, wanted },
      trail,
    );
    const { type, label } = factor;
    return json(
      { id: factorId, type, label, ...setup, ...(options === undefined ? {} : { options }) },
      { status: 201 },
    );
  });

function wantedBy({ type, phone }: z.output<typeof spec.body>): StartEnrolment["wanted"] {
  if (type !== "sms") {
    if (phone !== undefined) throw invalidField("/phone", "is for a factor of the type sms alone");
    return { type };
  }
  if (phone === undefined) throw invalidField("/phone", "is required for a factor of the type sms");
  return { type, phone: parsePhone(phone, "/phone") };
}

export const handler = createHandler(credentialPorts());
