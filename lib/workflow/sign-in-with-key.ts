import type { Trail } from "../activity/trail.ts";
import type { Session } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import type { ApiKeyStore, KeyAtSignIn } from "./api-key.ts";
import type { ClientSecrets } from "./create-api-key.ts";
import { invalidClient } from "./oauth-error.ts";
import {
  type CheckPlaceDeps,
  checkPlace,
  type OpenRunDeps,
  openRun,
  ownerOf,
  type WorkflowPlace,
} from "./open-run.ts";
import { keyPrincipal } from "./principal.ts";

/** What knowing a key by its secret needs. */
export interface AuthenticateKeyDeps extends CheckPlaceDeps {
  readonly apiKeys: Pick<ApiKeyStore, "findForSignIn">;
  readonly secrets: Pick<ClientSecrets, "isRight">;
  readonly now: () => EpochMs;
}

/** What opening a session with a key needs. */
export interface SignInWithKeyDeps extends AuthenticateKeyDeps, OpenRunDeps {
  readonly apiKeys: Pick<ApiKeyStore, "findForSignIn" | "markUsed">;
}

/** A key as a client shows it. */
export interface ShownKey {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A key that is shown, and from where. */
export interface AuthenticateKey {
  readonly shown: ShownKey;
  readonly place: WorkflowPlace;
}

/** A key that asks for a token. */
export interface SignInWithKey extends AuthenticateKey {
  /** The run that the client says it is of; a new one without. */
  readonly run: { readonly runId: string; readonly ref?: string | undefined };
}

/** What the workflow of a session that a key opened has for its provider. */
const KEY_PROVIDER = "api-key";

/** The hash of no secret at all: an id that nobody has is to take as long as a wrong secret. */
const NOBODYS_HASH = "0".repeat(64);

/**
 * Knows a key by its secret. A key that there is has the attempt on its tenant's record, whatever comes of it.
 * @throws OAuthError `invalid_client`, the same for an unknown id, a wrong secret and a key that is over;
 * `unauthorized_client` for an address that the tenant does not allow
 */
export async function authenticateKey(
  deps: AuthenticateKeyDeps,
  { shown: { clientId, clientSecret }, place }: AuthenticateKey,
  trail: Trail,
): Promise<KeyAtSignIn> {
  const found = await deps.apiKeys.findForSignIn(clientId);
  const isRight = deps.secrets.isRight(clientSecret, found?.secretHash ?? NOBODYS_HASH);
  if (found === undefined) throw invalidClient();
  const { key, tenant } = found;
  trail.by(ownerOf(keyPrincipal(key), tenant));
  trail.about({ type: "apikey", id: key.keyId });
  const isOver = key.expiresAtMs !== undefined && deps.now() >= key.expiresAtMs;
  if (!isRight || isOver || tenant.status === "suspended") throw invalidClient();
  checkPlace(deps, tenant, place);
  return found;
}

/**
 * Opens a session with a key (RFC 6749 section 4.4), or joins the one that the key has in the run already.
 * @throws OAuthError `invalid_client`, and as `openRun`
 */
export async function signInWithKey(
  deps: SignInWithKeyDeps,
  { shown, run, place }: SignInWithKey,
  trail: Trail,
): Promise<Session> {
  const { key, tenant } = await authenticateKey(deps, { shown, place }, trail);
  const { runId, ref } = run;
  const session = await openRun(
    deps,
    {
      ...{ principal: keyPrincipal(key), tenant, place, amr: ["key"], notAfterMs: key.expiresAtMs },
      workflow: { provider: KEY_PROVIDER, runId, ...(ref === undefined ? {} : { ref }) },
    },
    trail,
  );
  await deps.apiKeys.markUsed(key, deps.now());
  return session;
}
