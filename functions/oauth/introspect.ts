import * as z from "zod";
import { env } from "../../lib/aws/env.ts";
import { oauthPorts } from "../../lib/aws/workflow-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import { json } from "../../lib/http/reply.ts";
import { rolesInForce } from "../../lib/session/authenticate-caller.ts";
import {
  type ActiveToken,
  type IntrospectTokenDeps,
  introspectToken,
} from "../../lib/workflow/introspect-token.ts";
import { type AskerDeps, askerOf } from "./asker.ts";
import { FORM, needed, TokenForm } from "./oauth-form.ts";

const Active = z.object({
  active: z.literal(true),
  scope: z.string().describe("The roles in force."),
  client_id: z.string(),
  username: z.string(),
  token_type: z.enum(["Bearer", "refresh_token"]),
  iss: z.string(),
  sub: z.string(),
  aud: z.string(),
  sid: z.string(),
  tid: z.string(),
  exp: z.int().optional(),
  iat: z.int().optional(),
  jti: z.string().optional(),
  auth_time: z.int().optional(),
  amr: z.array(z.string()),
  acr: z.string().optional(),
  act: z.object({ sub: z.string(), tid: z.string() }).optional(),
  wfl: z.object({ provider: z.string(), runId: z.string(), ref: z.string().optional() }).optional(),
});

/** Says whether a token is good at this very moment. */
export const spec = {
  method: "POST",
  route: "/oauth/introspect",
  summary: "Whether a token is good at this very moment (RFC 7662)",
  description:
    "For an API key (by `Authorization: Basic` or in the form) or a bearer of the token's own tenant. A token is as alive as its session: ended, expired or disabled, it is not active. Neither is one that the asker may not know of: another tenant's, and another user's without `session:read`.",
  tag: "Workflows",
  permission: "public",
  action: "oauth:introspect",
  mediaTypes: FORM,
  bodyAs: "form",
  body: TokenForm,
  errorsAs: "oauth",
  response: z.union([Active, z.object({ active: z.literal(false) })]),
  successStatus: 200,
} as const satisfies EndpointSpec;

/** What the endpoint needs. */
type IntrospectDeps = AskerDeps &
  IntrospectTokenDeps & { readonly issuer: string; readonly audience: string };

export const createHandler = (deps: IntrospectDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const asker = await askerOf({ spec, deps }, exchange);
    const token = needed("token", exchange.body.token);
    const found = await introspectToken(deps, { token, asker });
    return json(found === undefined ? { active: false } : activeDocument(deps, found));
  });

function activeDocument(
  { issuer, audience }: Pick<IntrospectDeps, "issuer" | "audience">,
  { token, rows: { session, user } }: ActiveToken,
): z.output<typeof Active> {
  return {
    active: true,
    scope: rolesInForce(user.roles, session.roleSubset).join(" "),
    ...{ client_id: user.userId, username: user.email || user.name },
    token_type: token.kind === "access" ? "Bearer" : "refresh_token",
    ...{ iss: issuer, aud: audience, sub: user.userId, sid: session.sessionId, tid: session.tenantId },
    amr: [...session.amr],
    ...(token.kind === "access" ? claimsOf(token.claims) : {}),
    ...(session.workflow === undefined ? {} : { wfl: session.workflow }),
  };
}

function claimsOf(claims: Extract<ActiveToken["token"], { kind: "access" }>["claims"]) {
  const seconds = (atMs: number) => Math.floor(atMs / 1000);
  const { actor } = claims;
  return {
    exp: seconds(claims.expiresAtMs),
    iat: seconds(claims.issuedAtMs),
    jti: claims.tokenId,
    auth_time: seconds(claims.authTimeMs),
    ...{ amr: [...claims.amr], acr: claims.acr },
    ...(actor === undefined ? {} : { act: { sub: actor.userId, tid: actor.tenantId } }),
  };
}

export const handler = createHandler({ ...oauthPorts(), issuer: env.issuer, audience: env.audience });
