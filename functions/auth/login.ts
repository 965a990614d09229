import * as z from "zod";
import { signInPorts } from "../../lib/aws/sign-in-ports.ts";
import { invalidField } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { TokensDocument, tokensDocument } from "../../lib/http/tokens-document.ts";
import { normaliseEmail } from "../../lib/identity/user.ts";
import { type IssueTokensDeps, issueTokens } from "../../lib/session/issue-tokens.ts";
import { type LogInDeps, logIn } from "../../lib/session/log-in.ts";
import type { Device } from "../../lib/session/session.ts";

/** Signs in with a password: opens a session, or asks for the second factor. */
export const spec = {
  method: "POST",
  route: "/v1/auth/login",
  summary: "Sign in with e-mail and password",
  tag: "Signing in",
  permission: "public",
  action: "auth:login",
  body: z.strictObject({
    email: z.string().min(1).max(254),
    password: z.string().min(1).max(1024),
    deviceName: z.string().min(1).max(100).optional(),
    roles: z.array(z.string().min(1).max(64)).min(1).max(50).optional(),
  }),
  response: z.discriminatedUnion("status", [
    TokensDocument,
    z.object({
      status: z.literal("mfa_required"),
      challengeToken: z.string(),
      expiresIn: z.number(),
      factors: z.array(
        z.object({ id: z.string(), type: z.enum(["totp", "sms", "passkey"]), label: z.string() }),
      ),
    }),
    z.object({ status: z.literal("mfa_enrollment_required"), challengeToken: z.string() }),
  ]),
  successStatus: 200,
} as const satisfies EndpointSpec;

/** What the endpoint needs beside the use case. */
export interface LoginDeps
  extends HttpDeps,
    Omit<LogInDeps, keyof HttpDeps>,
    Omit<IssueTokensDeps, "tokens"> {
  readonly tokens: HttpDeps["tokens"] & IssueTokensDeps["tokens"];
  readonly describeDevice: (userAgent: string, name: string | undefined) => Device;
}

export const createHandler = (deps: LoginDeps) =>
  endpoint(spec, deps, async ({ body, request, trail, nowMs }) => {
    const email = normaliseEmail(body.email);
    if (email === undefined) throw invalidField("/email", "must be an e-mail address");
    const { ip, userAgent } = request;
    const outcome = await logIn(
      deps,
      {
        email,
        password: body.password,
        device: deps.describeDevice(userAgent, body.deviceName),
        ip,
        userAgent,
        roleSubset: body.roles,
      },
      trail,
    );
    switch (outcome.status) {
      case "active": {
        const { session, account } = outcome;
        const tokens = await issueTokens(deps, session);
        return json(tokensDocument({ session, tenant: account.tenant, tokens, nowMs }));
      }
      case "mfa_required": {
        const { status, challengeToken, expiresInSeconds, factors } = outcome;
        return json({ status, challengeToken, expiresIn: expiresInSeconds, factors });
      }
      case "mfa_enrollment_required":
        return json({ status: outcome.status, challengeToken: outcome.challengeToken });
    }
  });

export const handler = createHandler(signInPorts());
