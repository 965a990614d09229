import * as z from "zod";
import { signInPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Email } from "../../lib/http/name.ts";
import { sessionTransport } from "../../lib/http/session-transport.ts";
import { SignedInDocument, signedInReply } from "../../lib/http/signed-in-document.ts";
import type { IssueTokensDeps } from "../../lib/session/issue-tokens.ts";
import { type LogInDeps, logIn } from "../../lib/session/log-in.ts";
import { normalisePassword } from "../../lib/session/password-policy.ts";

/** Signs in with a password: opens a session, or asks for the second factor. */
export const spec = {
  method: "POST",
  route: "/v1/auth/login",
  summary: "Sign in with e-mail and password",
  description:
    "A wrong address, a wrong password and a disabled user look the same. After five failures from an address, and twenty from anywhere, an account takes no attempts for as long as these are less than 15 minutes old: 429 with `Retry-After`. A device that the account knows (this address and user agent had a session in the last 30 days) is held up by its own failures alone, and a passkey by none. With `X-Session-Transport: cookie` the refresh token comes in the cookie `__Host-refresh`. Where the tenant asks at its limit of sessions, 409 `session.limit_reached` brings `sessions` and a `challengeToken` for `/v1/auth/replace`.",
  tag: "Signing in",
  permission: "public",
  action: "auth:login",
  body: z.strictObject({
    email: Email,
    password: z.string().min(1),
    deviceName: z.string().min(1).max(100).optional(),
    roles: z.array(z.string().min(1).max(64)).min(1).max(50).optional(),
  }),
  response: SignedInDocument,
  successStatus: 200,
  errors: ["auth.invalid_credentials", "access.denied", "session.limit_reached", "rate.limited"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & LogInDeps & IssueTokensDeps) =>
  endpoint(spec, deps, async ({ body, request, trail, nowMs }) => {
    const transport = sessionTransport(request);
    const outcome = await logIn(
      deps,
      {
        email: body.email,
        password: normalisePassword(body.password, "/password"),
        deviceName: body.deviceName,
        roleSubset: body.roles,
        place: request,
        requestId: request.requestId,
      },
      trail,
    );
    return await signedInReply(deps, outcome, { transport, nowMs });
  });

export const handler = createHandler(signInPorts());
