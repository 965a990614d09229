import * as z from "zod";
import { credentialPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { noContent } from "../../lib/http/reply.ts";
import { type ChangePasswordDeps, changePassword } from "../../lib/session/change-password.ts";
import { normalisePassword } from "../../lib/session/password-policy.ts";

/** Changes one's own password, and ends every other session. */
export const spec = {
  method: "POST",
  route: "/v1/auth/password",
  summary: "Change your password",
  description:
    "Every other session of yours ends with it (`revoked`). A password has 15 to 128 characters, from 8 on where the tenant demands a second factor.",
  tag: "Signing in",
  permission: "authenticated",
  action: "auth:password",
  forPeople: true,
  body: z.strictObject({ currentPassword: z.string().min(1), newPassword: z.string().min(1) }),
  response: z.void(),
  successStatus: 204,
  errors: ["auth.invalid_credentials", "rate.limited"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ChangePasswordDeps) =>
  endpoint(spec, deps, async ({ body, caller, request, trail }) => {
    await changePassword(
      deps,
      {
        caller,
        currentPassword: normalisePassword(body.currentPassword, "/currentPassword"),
        newPassword: body.newPassword,
        place: request,
        requestId: request.requestId,
      },
      trail,
    );
    return noContent();
  });

export const handler = createHandler(credentialPorts());
