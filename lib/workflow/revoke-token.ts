import type { Trail, TrailOwner } from "../activity/trail.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { CallerReader, CallerRows } from "../session/caller.ts";
import type { Session } from "../session/session.ts";
import { OAuthError } from "./oauth-error.ts";
import { type ReadTokenDeps, readToken } from "./shown-token.ts";

/** What revoking a token needs. */
export interface RevokeTokenDeps extends ReadTokenDeps {
  readonly callers: CallerReader;
  readonly trailOwnerOf: (rows: CallerRows) => TrailOwner;
  readonly revokeSession: (session: Session, tenant: Tenant, trail: Trail) => Promise<boolean>;
}

/** A token to be revoked, and the key that the client has shown with it, if any. */
export interface RevokeToken {
  readonly token: string;
  readonly clientId: string | undefined;
}

/**
 * Revokes a token (RFC 7009): its session ends, and with it every other token of it. Who has a token may always give it
 * up; what is none is no error.
 * @throws OAuthError `unauthorized_client` for a token of somebody else than the key shown
 */
export async function revokeToken(
  deps: RevokeTokenDeps,
  { token: text, clientId }: RevokeToken,
  trail: Trail,
): Promise<void> {
  const token = await readToken(deps, text);
  if (token === undefined) return;
  const { key } = token;
  if (clientId !== undefined && clientId !== key.userId) {
    throw new OAuthError("unauthorized_client", "The token was not given to this client.");
  }
  const { session, user, tenant } = await deps.callers.read(key);
  if (session === undefined || user === undefined || tenant === undefined) return;
  trail.by(deps.trailOwnerOf({ session, user, tenant }));
  trail.about({ type: "session", id: session.sessionId });
  await deps.revokeSession(session, tenant, trail);
}
