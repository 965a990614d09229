import type { CompiledPolicy } from "../../lib/access/compile-roles.ts";
import { decide } from "../../lib/access/decide.ts";
import { shownKeyOf } from "../../lib/http/client-credentials.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { Exchange } from "../../lib/http/exchange.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { callerOf } from "../../lib/http/pipeline.ts";
import type { Session } from "../../lib/session/session.ts";
import type { TokenAsker } from "../../lib/workflow/introspect-token.ts";
import { invalidClient } from "../../lib/workflow/oauth-error.ts";
import { type AuthenticateKeyDeps, authenticateKey } from "../../lib/workflow/sign-in-with-key.ts";

/** What telling who asks needs. */
export type AskerDeps = HttpDeps & AuthenticateKeyDeps;

/** The endpoint that asks, with what it works with. */
export interface AskedEndpoint {
  readonly spec: EndpointSpec;
  readonly deps: AskerDeps;
}

type Asking = Pick<Exchange, "request" | "trail" | "nowMs"> & {
  readonly body: { readonly client_id?: string | undefined; readonly client_secret?: string | undefined };
};

/**
 * Says who asks about a token: an API key, or the session of a bearer.
 * @throws OAuthError `invalid_client`; AppError as `callerOf`
 */
export async function askerOf(endpoint: AskedEndpoint, asking: Asking): Promise<TokenAsker> {
  const { deps } = endpoint;
  const { request, body, trail } = asking;
  const shown = shownKeyOf(request.headers, body);
  if (shown === undefined) return await bearerOf(endpoint, asking);
  const { key, tenant } = await authenticateKey(deps, { shown, place: request }, trail);
  const book = await deps.roleBooks.bookOf(tenant);
  return {
    tenantId: tenant.tenantId,
    principalId: key.keyId,
    mayRead: reader(asking, {
      policy: book.policyFor({ held: key.roles }),
      callerId: key.keyId,
      session: undefined,
    }),
  };
}

async function bearerOf(endpoint: AskedEndpoint, asking: Asking): Promise<TokenAsker> {
  if (asking.request.headers["authorization"] === undefined) throw invalidClient();
  const { tenantId, userId, policy, session } = await callerOf(endpoint, asking);
  return { tenantId, principalId: userId, mayRead: reader(asking, { policy, callerId: userId, session }) };
}

function reader(
  { request, nowMs }: Asking,
  by: { readonly policy: CompiledPolicy; readonly callerId: string; readonly session: Session | undefined },
): TokenAsker["mayRead"] {
  const { policy, callerId, session } = by;
  const { factorVerifiedAtMs } = session ?? {};
  const context = {
    ...{ nowMs, ip: request.ip, callerId, sessionKind: session?.kind ?? ("workflow" as const) },
    ...(factorVerifiedAtMs === undefined ? {} : { factorVerifiedAtMs }),
  };
  return (sessionId, ownerId) =>
    decide(policy, {
      action: "session:read",
      resource: `session/${sessionId}`,
      context: { ...context, ownerId },
    }).allowed;
}
