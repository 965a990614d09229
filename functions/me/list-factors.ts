import * as z from "zod";
import { credentialPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import { FactorDocument, factorDocument } from "../../lib/http/factor-document.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { pageOf } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { presentFactors } from "../../lib/mfa/factor.ts";
import { rowsOf } from "../../lib/session/enrolling.ts";
import type { SignInStore } from "../../lib/session/sign-in-store.ts";

/** Lists one's own factors, those still to be verified too. */
export const spec = {
  method: "GET",
  route: "/v1/me/factors",
  summary: "Your factors",
  description: "There are ten at most, and so one page. `recoveryCodesLeft` counts the codes not used yet.",
  tag: "Factors",
  permission: "authenticated",
  action: "factor:list-own",
  acceptsChallenge: true,
  forPeople: true,
  response: pageOf(FactorDocument).extend({ recoveryCodesLeft: z.number() }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly signIns: Pick<SignInStore, "read"> }) =>
  endpoint(spec, deps, async ({ caller, nowMs }) => {
    const { account } = await rowsOf(deps, caller);
    return json({
      items: presentFactors(account.factors, nowMs).map(factorDocument),
      nextCursor: null,
      recoveryCodesLeft: account.recoveryCodes.filter(({ usedAtMs }) => usedAtMs === undefined).length,
    });
  });

export const handler = createHandler(credentialPorts());
