import type { EpochMs } from "../time.ts";
import type { CallerKey } from "./caller.ts";
import type { Workflow } from "./session.ts";

/** How long an access token lives (contract section 2). Its session may end sooner, and then so does it. */
export const ACCESS_TOKEN_LIFETIME_SECONDS = 300;

/** How long the refresh token before the present one still gives the same successor (contract section 2). */
const REFRESH_GRACE_MS = 10_000;

/** Who acts in a support session: the `act` claim (RFC 8693 section 4.1). */
export interface Actor {
  readonly tenantId: string;
  readonly userId: string;
}

/** What a token is issued for: whose session, and how strongly it was opened. */
export interface AccessTokenGrant extends CallerKey {
  /** When a factor was last verified; `auth_time`, whole seconds in the token. */
  readonly authTimeMs: EpochMs;
  /** RFC 8176 names, see `lib/mfa/authentication-methods.ts`. */
  readonly amr: readonly string[];
  readonly actor?: Actor;
  readonly workflow?: Workflow;
}

/** A verified access token. It proves what was issued, never that the session still lives. */
export interface AccessTokenClaims extends AccessTokenGrant {
  /** `jti`, unique for each token. */
  readonly tokenId: string;
  readonly acr: string;
  readonly issuedAtMs: EpochMs;
  readonly expiresAtMs: EpochMs;
}

/** Issues and checks the access tokens of this deployment, which are the only ones that it takes. */
export interface AccessTokens {
  sign(grant: AccessTokenGrant): Promise<string>;
  /** @throws AppError `auth.token_expired` at the very instant of `exp`, `auth.token_invalid` for all else */
  verify(token: string): Promise<AccessTokenClaims>;
}

/** A public signing key as others see it (RFC 7517). */
export interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: "ES256";
  readonly use: "sig";
}

/** The keys that tokens may be signed with now, before long, or still: the document at `/.well-known/jwks.json`. */
export interface PublicKeys {
  jwks(): Promise<{ readonly keys: readonly PublicJwk[] }>;
}

/** What a refresh token says: whose session it is, and how many were given out before it. */
export interface RefreshTokenClaims extends CallerKey {
  /** 0 for the first. */
  readonly generation: number;
}

/** Makes and reads refresh tokens. The same claims give the same token, so that a lost answer can be given again. */
export interface RefreshTokens {
  mint(claims: RefreshTokenClaims): Promise<string>;
  /** @throws AppError `refresh.invalid` */
  parse(token: string): Promise<RefreshTokenClaims>;
}

/** Where a session's chain of refresh tokens stands. */
export interface RefreshChain {
  readonly refreshGeneration: number;
  readonly refreshRotatedAtMs: EpochMs;
}

/**
 * What to do with a refresh token of a live session: `rotate` the present one, `repeat` the successor already
 * given within the grace, or treat it as stolen (`reused`).
 *
 * The grace is half open: `refreshRotatedAtMs + 10 s` is outside. A clock that runs behind counts as inside. A
 * generation not given out yet can only come from a chain that the table has forgotten: it is `reused` too.
 */
export function classifyRefresh(
  chain: RefreshChain,
  presentedGeneration: number,
  nowMs: EpochMs,
): "rotate" | "repeat" | "reused" {
  if (presentedGeneration === chain.refreshGeneration) return "rotate";
  const isOneBefore = presentedGeneration === chain.refreshGeneration - 1;
  return isOneBefore && nowMs < chain.refreshRotatedAtMs + REFRESH_GRACE_MS ? "repeat" : "reused";
}

/** What a sealed value is for. A value sealed for one purpose opens for no other. */
export type SealPurpose =
  | "cursor"
  | "login-challenge"
  | "passkey-challenge"
  | "invitation"
  | "password-reset"
  | "live-ticket"
  | "factor-secret"
  | "webhook-secret"
  | "kept-answer";

/** What a sealed value is tied to beside its purpose. */
export interface SealOptions {
  /** From this instant on it no longer opens. Without it, the value holds as long as its key. */
  readonly expiresAtMs?: EpochMs;
  /** Must be the same when opened: the tenant and query of a cursor, the owner of a secret. Not readable from outside. */
  readonly context?: string;
}

/** Hands a client a value that it can neither read nor change, and takes it back. */
export interface Seals {
  /** Gives base64url text. `payload` must be JSON. */
  seal(purpose: SealPurpose, payload: unknown, options?: SealOptions): Promise<string>;
  /** `undefined` for what was altered, has expired, or was sealed by another, for another purpose or context. */
  open(purpose: SealPurpose, sealed: string, options?: Pick<SealOptions, "context">): Promise<unknown>;
}
