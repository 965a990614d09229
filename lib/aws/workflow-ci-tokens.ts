import jwt from "jsonwebtoken";
import { AppError } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { CiTokens, UnverifiedToken, VerifiedToken } from "../workflow/ci-token.ts";
import { invalidSubject } from "../workflow/oauth-error.ts";
import { decodeBase64url } from "./base64url.ts";
import { member } from "./json-member.ts";
import type { CiAlgorithm, IssuerKeys } from "./workflow-issuer-keys.ts";

/** What the adapter needs. */
export interface CiTokensDeps {
  readonly keys: IssuerKeys;
  readonly now: () => EpochMs;
}

/** GitHub's have some 2 KB; nothing near this bound is worth decoding. */
const TOKEN_LENGTH_MAX = 16_384;

/** How far the provider's clock may run ahead of ours. A token that has expired has expired. */
const CLOCK_SKEW_SECONDS = 30;

const COMPACT_JWS = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

interface Decoded extends UnverifiedToken {
  readonly algorithm: CiAlgorithm;
  readonly kid: string | undefined;
}

/** OIDC tokens of CI providers: RS256 or ES256, by keys that the issuer publishes and never by any that come along. */
export function ciTokens(deps: CiTokensDeps): CiTokens {
  return {
    peek: (token) => decode(token),
    verify: async (token) => {
      const decoded = decode(token);
      if (decoded === undefined) throw invalidSubject("The subject token cannot be read.");
      const found = await findKey(deps.keys, decoded);
      if (found === undefined) throw invalidSubject("The issuer has no key for this token.");
      return verified(deps, { token, decoded, key: found.key });
    },
  };
}

async function findKey(keys: IssuerKeys, { issuer, kid, algorithm }: Decoded) {
  try {
    return await keys.find(issuer, { kid, algorithm });
  } catch (cause) {
    throw new AppError("unavailable", "The issuer of the token does not give its keys.", { cause });
  }
}

function decode(token: string): Decoded | undefined {
  const match = token.length > TOKEN_LENGTH_MAX ? null : COMPACT_JWS.exec(token);
  if (match === null) return undefined;
  const segments = match.slice(1).map(decodeBase64url);
  const [header, payload] = segments.map((bytes) => (bytes === undefined ? undefined : jsonOf(bytes)));
  if (segments.includes(undefined)) return undefined;
  const [algorithm, kid] = [member(header, "alg"), member(header, "kid")];
  const [issuer, audience] = [member(payload, "iss"), oneOf(member(payload, "aud"))];
  if (algorithm !== "RS256" && algorithm !== "ES256") return undefined;
  if (kid !== undefined && typeof kid !== "string") return undefined;
  if (!isPlainJwt(header) || typeof issuer !== "string" || audience === undefined) return undefined;
  return { issuer, audience, algorithm, kid };
}

/** An extension that has to be understood (`crit`) is one that is not; what is no JWT is not meant for this. */
function isPlainJwt(header: unknown): boolean {
  const typ = member(header, "typ");
  const isTyped = typ === undefined || (typeof typ === "string" && typ.toUpperCase() === "JWT");
  return isTyped && member(header, "crit") === undefined && member(header, "b64") === undefined;
}

/** A token for several audiences is good at each of them for all the others: such a one is not taken. */
function oneOf(audience: unknown): string | undefined {
  const [only, ...others] = Array.isArray(audience) ? audience : [audience];
  return typeof only === "string" && others.length === 0 ? only : undefined;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

function verified(
  { now }: Pick<CiTokensDeps, "now">,
  of: {
    readonly token: string;
    readonly decoded: Decoded;
    readonly key: Parameters<typeof jwt.verify>[1];
  },
): VerifiedToken {
  const { issuer, audience, algorithm } = of.decoded;
  const nowSeconds = Math.floor(now() / 1000);
  let payload: unknown;
  try {
    payload = jwt.verify(of.token, of.key, {
      algorithms: [algorithm],
      issuer,
      audience,
      clockTimestamp: nowSeconds,
      clockTolerance: 0,
      ignoreNotBefore: true,
    });
  } catch (cause) {
    const isOld = cause instanceof jwt.TokenExpiredError;
    throw invalidSubject(isOld ? "The subject token has expired." : "The subject token is not valid.");
  }
  const [exp, iat, nbf] = [member(payload, "exp"), member(payload, "iat"), member(payload, "nbf")];
  const isInTime =
    isSeconds(exp) && isBegun(iat, nowSeconds) && (nbf === undefined || isBegun(nbf, nowSeconds));
  if (typeof payload !== "object" || payload === null || !isInTime) {
    throw invalidSubject("The times of the subject token are not valid.");
  }
  return { issuer, audience, claims: { ...payload }, expiresAtMs: exp * 1000 };
}

function isBegun(time: unknown, nowSeconds: number): boolean {
  return isSeconds(time) && time <= nowSeconds + CLOCK_SKEW_SECONDS;
}

function isSeconds(time: unknown): time is number {
  return typeof time === "number" && Number.isSafeInteger(time) && time > 0;
}
