import * as z from "zod";
import { oauthPorts } from "../../lib/aws/workflow-ports.ts";
import { shownKeyOf } from "../../lib/http/client-credentials.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { Exchange } from "../../lib/http/exchange.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { type IssueTokensDeps, issueTokens } from "../../lib/session/issue-tokens.ts";
import type { Session } from "../../lib/session/session.ts";
import { REF, RUN_ID } from "../../lib/workflow/ci-token.ts";
import { type ExchangeTokenDeps, exchangeToken } from "../../lib/workflow/exchange-token.ts";
import { invalidClient, OAuthError } from "../../lib/workflow/oauth-error.ts";
import { type SignInWithKeyDeps, signInWithKey } from "../../lib/workflow/sign-in-with-key.ts";
import { ClientForm, FORM, needed } from "./oauth-form.ts";

const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
/** A CI provider's OIDC token is both (RFC 8693 section 3). */
const SUBJECT_TYPES = [
  "urn:ietf:params:oauth:token-type:jwt",
  "urn:ietf:params:oauth:token-type:id_token",
] as const;

const TENANT_ID = /^ten_[0-9a-hjkmnp-tv-z]{26}$/;

const Body = z.object({
  grant_type: z.string().max(128).optional().describe(`\`client_credentials\` or \`${TOKEN_EXCHANGE}\``),
  ...ClientForm,
  run_id: z
    .string()
    .regex(RUN_ID, "run_id must be 1 to 128 of A-Z a-z 0-9 . _ : -")
    .optional()
    .describe("With `client_credentials`: the run that this is of; the same again joins its session."),
  ref: z
    .string()
    .regex(REF, "ref must be one line of at most 255 characters")
    .optional()
    .describe("With `client_credentials`: the branch or tag that the run is of."),
  subject_token: z.string().max(65_536).optional().describe("A CI provider's OIDC token."),
  subject_token_type: z.string().max(128).optional().describe(SUBJECT_TYPES.join(" or ")),
  requested_token_type: z.string().max(128).optional(),
  actor_token: z.string().max(65_536).optional(),
  audience: z.string().max(512).optional().describe("With token exchange: the tenant's id."),
});

type Form = z.output<typeof Body>;

/** Gives a program its access token: with an API key, or for a CI provider's token. */
export const spec = {
  method: "POST",
  route: "/oauth/token",
  summary: "A token for a program: by API key, or for a CI provider's token",
  description:
    "`client_credentials` (RFC 6749) takes an API key's id and secret, by `Authorization: Basic` or in the form. Token exchange (RFC 8693) takes a CI provider's OIDC token that a trust rule of the tenant matches; the tenant is named by its id as `client_id` or `audience`, and need not be where one tenant alone has such a rule. Either opens a `workflow` session under the tenant's policy. The run is `run_id` or `pipeline_id` of the provider's token; asking again for the same run joins its session. A provider's token with a `jti` is good once. `scope` in the answer has the roles in force.",
  tag: "Workflows",
  permission: "public",
  action: "auth:token",
  mediaTypes: FORM,
  bodyAs: "form",
  body: Body,
  errorsAs: "oauth",
  response: z.object({
    access_token: z.string(),
    issued_token_type: z.literal(ACCESS_TOKEN).optional(),
    token_type: z.literal("Bearer"),
    expires_in: z.int(),
    scope: z.string(),
  }),
  successStatus: 200,
} as const satisfies EndpointSpec;

type TokenDeps = HttpDeps & SignInWithKeyDeps & ExchangeTokenDeps & IssueTokensDeps;

export const createHandler = (deps: TokenDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const grantType = needed("grant_type", exchange.body.grant_type);
    const isExchange = grantType === TOKEN_EXCHANGE;
    if (!isExchange && grantType !== "client_credentials") {
      throw new OAuthError("unsupported_grant_type", "Use client_credentials or token exchange.");
    }
    const session = isExchange ? await byExchange(deps, exchange) : await byKey(deps, exchange);
    const { accessToken, expiresIn } = await issueTokens(deps, session);
    return json(
      {
        access_token: accessToken,
        ...(isExchange ? { issued_token_type: ACCESS_TOKEN } : {}),
        token_type: "Bearer",
        expires_in: expiresIn,
        scope: session.roles.join(" "),
      },
      // RFC 6749 section 5.1, for caches that are older than Cache-Control.
      { headers: { pragma: "no-cache" } },
    );
  });

type Asking = Pick<Exchange, "request" | "trail" | "newId"> & { readonly body: Form };

async function byKey(deps: TokenDeps, { body, request, trail, newId }: Asking): Promise<Session> {
  const shown = shownKeyOf(request.headers, body);
  if (shown === undefined) throw invalidClient();
  const run = { runId: body.run_id ?? newId("run"), ref: body.ref };
  return await signInWithKey(deps, { shown, run, place: request }, trail);
}

async function byExchange(deps: TokenDeps, { body, request, trail }: Asking): Promise<Session> {
  const subjectToken = needed("subject_token", body.subject_token);
  const type = needed("subject_token_type", body.subject_token_type);
  if (!SUBJECT_TYPES.some((known) => known === type)) {
    throw new OAuthError("invalid_request", `subject_token_type must be ${SUBJECT_TYPES.join(" or ")}.`);
  }
  if (body.requested_token_type !== undefined && body.requested_token_type !== ACCESS_TOKEN) {
    throw new OAuthError("invalid_request", "Only access tokens are given.");
  }
  if (body.actor_token !== undefined) {
    throw new OAuthError("invalid_request", "A run acts for nobody else: leave actor_token out.");
  }
  return await exchangeToken(deps, { subjectToken, tenantId: namedTenant(body), place: request }, trail);
}

/** What names no tenant may name this service or the provider's audience, which say nothing new. */
function namedTenant({ client_id, audience }: Form): string | undefined {
  return [client_id, audience].find((name) => name !== undefined && TENANT_ID.test(name));
}

export const handler = createHandler(oauthPorts());
