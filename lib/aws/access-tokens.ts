import { type KeyObject, randomBytes } from "node:crypto";
import jwt from "jsonwebtoken";
import { AppError } from "../errors.ts";
import { assuranceLevel } from "../session/authentication-methods.ts";
import type { Workflow } from "../session/session.ts";
import {
  ACCESS_TOKEN_LIFETIME_SECONDS,
  type AccessTokenClaims,
  type AccessTokenGrant,
  type AccessTokens,
  type Actor,
} from "../session/token.ts";
import type { EpochMs } from "../time.ts";
import { decodeBase64url } from "./base64url.ts";
import { member } from "./json-member.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** What the adapter needs. */
export interface AccessTokensDeps {
  readonly keys: SigningKeys;
  /** The `iss` claim: the API's base URL. */
  readonly issuer: string;
  /** The `aud` claim. */
  readonly audience: string;
  readonly now: () => EpochMs;
}

/** Ours have some 700 characters; nothing near this bound is worth decoding. */
const TOKEN_LENGTH_MAX = 8192;

/** Tokens of which this process remembers that their signature was good; some 1 KB each. */
const VERIFIED_MAX = 5000;

/** How far the clocks of two servers may differ: a token just issued by one must be good at the other. */
const CLOCK_SKEW_MS = 1000;

/** Header and payload, and a signature of 64 bytes: R and S as RFC 7518 section 3.4 has them, never DER. */
const COMPACT_JWS = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})$/;

const KID = /^[A-Za-z0-9_-]{1,64}$/;
const ID = /^[a-z]{3}_[0-9a-z]{1,64}$/;

interface Verified {
  readonly kid: string;
  readonly claims: AccessTokenClaims;
}

/** Access tokens by RFC 9068, ES256 only, and only in the very form that `sign` gives them. */
export function accessTokens(deps: AccessTokensDeps): AccessTokens {
  const verified = new Map<string, Verified>();

  const remember = (token: string, entry: Verified): void => {
    // The oldest is the next to expire: all tokens live equally long.
    for (const [oldest, { claims }] of verified) {
      if (verified.size < VERIFIED_MAX && deps.now() < claims.expiresAtMs) break;
      verified.delete(oldest);
    }
    verified.set(token, entry);
  };

  return {
    async sign(grant) {
      const { kid, privateKey } = await deps.keys.signer();
      const header = { alg: "ES256", typ: "at+jwt", kid } as const;
      return jwt.sign(payloadOf(deps, grant), privateKey, { algorithm: "ES256", header });
    },

    async verify(token) {
      const known = verified.get(token);
      const kid = known?.kid ?? readKid(token);
      const key = await deps.keys.verificationKey(kid);
      if (key === undefined) throw invalid();
      const claims = known?.claims ?? verifyWith(deps, token, key);
      if (deps.now() >= claims.expiresAtMs) {
        verified.delete(token);
        throw expired();
      }
      if (known === undefined) remember(token, { kid, claims });
      return claims;
    },
  };
}

function payloadOf(deps: AccessTokensDeps, grant: AccessTokenGrant): object {
  const iat = Math.floor(deps.now() / 1000);
  return {
    iss: deps.issuer,
    aud: deps.audience,
    sub: grant.userId,
    sid: grant.sessionId,
    tid: grant.tenantId,
    jti: randomBytes(16).toString("base64url"),
    iat,
    exp: iat + ACCESS_TOKEN_LIFETIME_SECONDS,
    auth_time: Math.floor(grant.authTimeMs / 1000),
    amr: grant.amr,
    acr: assuranceLevel(grant.amr),
    ...(grant.actor === undefined ? {} : { act: { sub: grant.actor.userId, tid: grant.actor.tenantId } }),
    ...(grant.workflow === undefined ? {} : { wfl: grant.workflow }),
  };
}

/**
 * Checks the form and gives the key's name. The header must be, byte for byte, the one that `sign` writes: that
 * leaves no room for another algorithm, a key brought along (`jwk`, `jku`, `x5c`), `crit`, `b64` or a member twice.
 */
function readKid(token: string): string {
  const [, header = "", payload = "", signature = ""] = matchCompact(token);
  if (![header, payload, signature].every((segment) => decodeBase64url(segment) !== undefined))
    throw invalid();
  const kid = member(parseJson(header), "kid");
  if (typeof kid !== "string" || !KID.test(kid)) throw invalid();
  const ours = JSON.stringify({ alg: "ES256", typ: "at+jwt", kid });
  if (Buffer.from(ours).toString("base64url") !== header) throw invalid();
  return kid;
}

function matchCompact(token: string): RegExpExecArray {
  const match = token.length > TOKEN_LENGTH_MAX ? null : COMPACT_JWS.exec(token);
  if (match === null) throw invalid();
  return match;
}

function parseJson(segment: string): unknown {
  try {
    return JSON.parse(Buffer.from(segment, "base64url").toString());
  } catch (cause) {
    throw invalid(cause);
  }
}

function verifyWith(deps: AccessTokensDeps, token: string, key: KeyObject): AccessTokenClaims {
  let payload: unknown;
  try {
    payload = jwt.verify(token, key, {
      algorithms: ["ES256"],
      issuer: deps.issuer,
      audience: deps.audience,
      clockTimestamp: Math.floor(deps.now() / 1000),
    });
  } catch (cause) {
    if (cause instanceof jwt.TokenExpiredError) throw expired();
    throw invalid(cause);
  }
  const claims = readClaims(deps, payload);
  if (claims === undefined) throw invalid();
  return claims;
}

const CLAIMS = new Set("iss aud sub sid tid jti iat exp auth_time amr acr act wfl".split(" "));

function readClaims(deps: AccessTokensDeps, payload: unknown): AccessTokenClaims | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  if (!Object.keys(payload).every((name) => CLAIMS.has(name))) return undefined;
  // jsonwebtoken takes an array that holds our audience: ours is always the one string.
  if (member(payload, "iss") !== deps.issuer || member(payload, "aud") !== deps.audience) return undefined;
  const who = readWho(payload);
  const when = readWhen(payload, deps.now());
  const extra = readExtra(payload);
  return who && when && extra && { ...who, ...when, ...extra };
}

type Who = Pick<AccessTokenClaims, "userId" | "sessionId" | "tenantId" | "tokenId" | "amr" | "acr">;
type When = Pick<AccessTokenClaims, "issuedAtMs" | "expiresAtMs" | "authTimeMs">;
type Extra = Pick<AccessTokenClaims, "actor" | "workflow">;

function readWho(payload: object): Who | undefined {
  const read = (name: string) => member(payload, name);
  const [userId, sessionId, tenantId] = [read("sub"), read("sid"), read("tid")];
  const [tokenId, amr, acr] = [read("jti"), read("amr"), read("acr")];
  if (!isId(userId) || !isId(sessionId) || !isId(tenantId)) return undefined;
  if (typeof tokenId !== "string" || !isTextList(amr) || typeof acr !== "string") return undefined;
  return { userId, sessionId, tenantId, tokenId, amr, acr };
}

function readWhen(payload: object, nowMs: EpochMs): When | undefined {
  const [iat, exp] = [member(payload, "iat"), member(payload, "exp")];
  const authTime = member(payload, "auth_time");
  if (!isWholeSeconds(iat) || !isWholeSeconds(exp) || !isWholeSeconds(authTime)) return undefined;
  if (exp <= iat || exp > iat + ACCESS_TOKEN_LIFETIME_SECONDS) return undefined;
  if (iat * 1000 > nowMs + CLOCK_SKEW_MS) return undefined;
  return { issuedAtMs: iat * 1000, expiresAtMs: exp * 1000, authTimeMs: authTime * 1000 };
}

function readExtra(payload: object): Extra | undefined {
  const [act, wfl] = [member(payload, "act"), member(payload, "wfl")];
  const [actor, workflow] = [readActor(act), readWorkflow(wfl)];
  if (act !== undefined && actor === undefined) return undefined;
  if (wfl !== undefined && workflow === undefined) return undefined;
  return { ...(actor === undefined ? {} : { actor }), ...(workflow === undefined ? {} : { workflow }) };
}

function readActor(act: unknown): Actor | undefined {
  const [userId, tenantId] = [member(act, "sub"), member(act, "tid")];
  return isId(userId) && isId(tenantId) ? { userId, tenantId } : undefined;
}

function readWorkflow(wfl: unknown): Workflow | undefined {
  const [provider, runId, ref] = [member(wfl, "provider"), member(wfl, "runId"), member(wfl, "ref")];
  if (typeof provider !== "string" || typeof runId !== "string") return undefined;
  if (ref !== undefined && typeof ref !== "string") return undefined;
  return { provider, runId, ...(ref === undefined ? {} : { ref }) };
}

function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function isWholeSeconds(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function invalid(cause?: unknown): AppError {
  return new AppError("auth.token_invalid", "The access token is not valid.", { cause });
}

function expired(): AppError {
  return new AppError("auth.token_expired", "The access token has expired.");
}
