import * as z from "zod";
import { signInPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Email } from "../../lib/http/name.ts";
import { AcceptedDocument, accepted } from "../../lib/http/reply.ts";
import {
  type RequestPasswordResetDeps,
  requestPasswordReset,
} from "../../lib/session/request-password-reset.ts";

/** Asks for a letter with which a new password can be set. */
export const spec = {
  method: "POST",
  route: "/v1/auth/password-reset",
  summary: "Ask for a new password",
  description:
    "Answers the same, in the same time, whether there is such an account or not. Where there is one, a letter follows, at most five in an hour; its token is good once and for 30 minutes.",
  tag: "Signing in",
  permission: "public",
  action: "auth:password-reset",
  body: z.strictObject({ email: Email }),
  response: AcceptedDocument,
  successStatus: 202,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & RequestPasswordResetDeps) =>
  endpoint(spec, deps, async ({ body, request, trail }) => {
    await requestPasswordReset(deps, { email: body.email, ip: request.ip }, trail);
    return accepted();
  });

export const handler = createHandler(signInPorts());
