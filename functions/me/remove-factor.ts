import * as z from "zod";
import { credentialPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { noContent } from "../../lib/http/reply.ts";
import { type RemoveFactorDeps, removeFactor } from "../../lib/mfa/remove-factor.ts";

/** Removes a factor of one's own. */
export const spec = {
  method: "DELETE",
  route: "/v1/me/factors/{factorId}",
  summary: "Remove a factor",
  description: "A factor must have been verified a short while ago. With the last one go the recovery codes.",
  tag: "Factors",
  permission: "authenticated",
  action: "factor:delete",
  forPeople: true,
  stepUp: "with_factor",
  path: z.object({ factorId: Id }),
  response: z.void(),
  successStatus: 204,
  errors: ["not_found", "conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & RemoveFactorDeps) =>
  endpoint(spec, deps, async ({ caller, path, trail }) => {
    await removeFactor(deps, { owner: caller, factorId: path.factorId }, trail);
    return noContent();
  });

export const handler = createHandler(credentialPorts());
