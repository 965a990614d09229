import * as z from "zod";
import { oauthPorts } from "../../lib/aws/workflow-ports.ts";
import { shownKeyOf } from "../../lib/http/client-credentials.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { type RevokeTokenDeps, revokeToken } from "../../lib/workflow/revoke-token.ts";
import { type AuthenticateKeyDeps, authenticateKey } from "../../lib/workflow/sign-in-with-key.ts";
import { FORM, needed, TokenForm } from "./oauth-form.ts";

/** Revokes a token, and so ends its session. */
export const spec = {
  method: "POST",
  route: "/oauth/revoke",
  summary: "Revoke a token: its session ends (RFC 7009)",
  description:
    "Takes access and refresh tokens of every kind of session. Who has a token may give it up; a client that shows its API key as well can give up its own tokens alone. What is no token, or not any more, is answered the same.",
  tag: "Workflows",
  permission: "public",
  action: "session:revoke",
  mediaTypes: FORM,
  bodyAs: "form",
  body: TokenForm,
  errorsAs: "oauth",
  response: z.object({}),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & AuthenticateKeyDeps & RevokeTokenDeps) =>
  endpoint(spec, deps, async ({ body, request, trail }) => {
    const shown = shownKeyOf(request.headers, body);
    if (shown !== undefined) await authenticateKey(deps, { shown, place: request }, trail);
    await revokeToken(deps, { token: needed("token", body.token), clientId: shown?.clientId }, trail);
    return json({});
  });

export const handler = createHandler(oauthPorts());
