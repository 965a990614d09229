import { createPublicKey, type KeyObject } from "node:crypto";
import jwt from "jsonwebtoken";

/** Whose request it is, by their access token (RFC 9068). */
export interface CallerSession {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
  /** How it was opened (RFC 8176). */
  readonly amr: readonly string[];
  readonly acr: string;
  /** When a factor was last verified, in seconds. */
  readonly authTimeSeconds: number;
  /** The run of a pipeline that it belongs to. */
  readonly workflow?: Readonly<Record<string, string>>;
}

/** Where tokens come from, and the means to get the keys. */
export interface SessionTokensDeps {
  readonly issuer: string;
  readonly audience: string;
  readonly fetch: typeof fetch;
  readonly now: () => number;
}

/** How long keys are good without a look: the deployment announces a new one longer than that before it signs with it. */
const KEYS_KEPT_MS = 600_000;

/** Tokens with made-up key names do not make us ask more often than that. */
const ASKED_AGAIN_MS = 30_000;

/** Longer than any token of ours. */
const TOKEN_LENGTH_MAX = 8192;

/** Checks access tokens by the deployment's published keys; `undefined` for what is none, is another's, or has expired. */
export function sessionTokens(
  deps: SessionTokensDeps,
): (token: string) => Promise<CallerSession | undefined> {
  const keyOf = publishedKeys(deps);
  return async (token) => {
    const kid = kidOf(token);
    const key = kid === undefined ? undefined : await keyOf(kid);
    return key === undefined ? undefined : verified(deps, token, key);
  };
}

/** The keys at `/.well-known/jwks.json` (RFC 7517), kept for ten minutes, and asked for again when one is missing. */
function publishedKeys({
  issuer,
  fetch,
  now,
}: SessionTokensDeps): (kid: string) => Promise<KeyObject | undefined> {
  let keys = new Map<string, KeyObject>();
  let askedAtMs = Number.NEGATIVE_INFINITY;
  return async (kid) => {
    const ageMs = now() - askedAtMs;
    if (ageMs < KEYS_KEPT_MS && (keys.has(kid) || ageMs < ASKED_AGAIN_MS)) return keys.get(kid);
    const answer = await fetch(`${issuer}/.well-known/jwks.json`, { signal: AbortSignal.timeout(3000) });
    if (!answer.ok) throw new Error(`The keys of ${issuer} cannot be had: ${answer.status}.`);
    const { keys: published } = (await answer.json()) as { readonly keys: readonly Record<string, string>[] };
    keys = new Map(
      published
        .filter(({ kty, crv }) => kty === "EC" && crv === "P-256")
        .map((jwk) => [jwk["kid"] ?? "", createPublicKey({ key: jwk, format: "jwk" })]),
    );
    askedAtMs = now();
    return keys.get(kid);
  };
}

function kidOf(token: string): string | undefined {
  if (token.length > TOKEN_LENGTH_MAX) return undefined;
  const header = headerOf(token);
  return header?.alg === "ES256" && header.typ === "at+jwt" ? header.kid : undefined;
}

function headerOf(token: string): jwt.JwtHeader | undefined {
  try {
    return jwt.decode(token, { complete: true })?.header;
  } catch {
    // What has three parts and is not JSON in them is no token.
    return undefined;
  }
}

function verified(
  { issuer, audience, now }: SessionTokensDeps,
  token: string,
  key: KeyObject,
): CallerSession | undefined {
  try {
    const clockTimestamp = Math.floor(now() / 1000);
    const claims = jwt.verify(token, key, { algorithms: ["ES256"], issuer, audience, clockTimestamp });
    if (typeof claims === "string" || claims.exp === undefined) return undefined;
    const { sub, sid, tid, amr, acr, auth_time: authTimeSeconds, wfl: workflow } = claims;
    if (typeof sub !== "string" || typeof sid !== "string" || typeof tid !== "string") return undefined;
    return {
      ...{ userId: sub, sessionId: sid, tenantId: tid, amr, acr, authTimeSeconds },
      ...(workflow === undefined ? {} : { workflow }),
    };
  } catch {
    // Expired, of another issuer, or a signature of the wrong length: none of them is a token to go by.
    return undefined;
  }
}
