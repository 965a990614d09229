import * as z from "zod";
import { credentialPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { LetterToken } from "../../lib/http/parse.ts";
import { noContent } from "../../lib/http/reply.ts";
import { type ResetPasswordDeps, resetPassword } from "../../lib/session/reset-password.ts";

/** Sets a new password with the token of a letter, and ends all sessions. */
export const spec = {
  method: "POST",
  route: "/v1/auth/password-reset/confirm",
  summary: "Set a new password with the token of a letter",
  description:
    "All sessions end, and nobody is signed in: the next sign-in asks for the second factor as ever. A token that has expired, was used, or is of a password changed since is 401 `auth.token_invalid`.",
  tag: "Signing in",
  permission: "public",
  action: "auth:password-reset-confirm",
  body: z.strictObject({ token: LetterToken, newPassword: z.string().min(1) }),
  response: z.void(),
  successStatus: 204,
  errors: ["auth.token_invalid"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ResetPasswordDeps) =>
  endpoint(spec, deps, async ({ body, trail }) => {
    await resetPassword(deps, body, trail);
    return noContent();
  });

export const handler = createHandler(credentialPorts());
