import * as z from "zod";
import { credentialPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import type { FactorStore } from "../../lib/mfa/factor-store.ts";
import type { RecoveryCodes } from "../../lib/mfa/recovery-code.ts";

/** Gives ten new recovery codes; the old ones are void. */
export const spec = {
  method: "POST",
  route: "/v1/me/recovery-codes",
  summary: "Replace your recovery codes",
  description:
    "A factor must have been verified a short while ago. The codes are shown once and are each good once.",
  tag: "Factors",
  permission: "authenticated",
  action: "recovery-code:create",
  forPeople: true,
  stepUp: "always",
  response: z.object({ recoveryCodes: z.array(z.string()) }),
  successStatus: 200,
} as const satisfies EndpointSpec;

/** What the endpoint needs. */
export interface ReplaceRecoveryCodesDeps extends HttpDeps {
  readonly factors: Pick<FactorStore, "replaceRecoveryCodes">;
  readonly recoveryCodes: Pick<RecoveryCodes, "generate">;
}

export const createHandler = (deps: ReplaceRecoveryCodesDeps) =>
  endpoint(spec, deps, async ({ caller, trail }) => {
    const { shown, stored } = deps.recoveryCodes.generate(caller.userId);
    await deps.factors.replaceRecoveryCodes(caller, stored, trail);
    return json({ recoveryCodes: shown });
  });

export const handler = createHandler(credentialPorts());
