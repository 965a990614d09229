import { createPublicKey, type KeyObject } from "node:crypto";
import type { EpochMs } from "../time.ts";
import { member } from "./json-member.ts";
import type { FetchJson } from "./workflow-issuer-fetch.ts";

/** How the tokens of CI providers may be signed: by nothing that a secret could be mistaken for. */
export type CiAlgorithm = "RS256" | "ES256";

/** A public key of an issuer, and the one algorithm that it is for. */
export interface IssuerKey {
  readonly kid: string | undefined;
  readonly algorithm: CiAlgorithm;
  readonly key: KeyObject;
}

/** What finding an issuer's keys needs. */
export interface IssuerKeysDeps {
  readonly fetchJson: FetchJson;
  readonly now: () => EpochMs;
}

/** Gives the keys of an issuer. */
export interface IssuerKeys {
  /**
   * The key that a token names, or the only one for its algorithm where it names none.
   * @throws Error where the issuer does not answer, or not as it should
   */
  find(
    issuer: string,
    header: { readonly kid: string | undefined; readonly algorithm: CiAlgorithm },
  ): Promise<IssuerKey | undefined>;
}

/** Providers publish new keys hours before they sign with them. */
const KEPT_MS = 10 * 60_000;

/** An unknown name has an issuer asked again, for it may be new; but not by everybody who makes one up. */
const ASKED_AGAIN_MS = 60_000;

/** Issuers of which this process remembers the keys. */
const ISSUERS_MAX = 100;

/** Keys that are read of one issuer. */
const KEYS_MAX = 50;

interface Asked {
  readonly atMs: EpochMs;
  readonly keys: Promise<readonly IssuerKey[]>;
}

/** Keys by the issuer's discovery document (OpenID Connect Discovery 1.0 section 4), remembered for 10 min. */
export function issuerKeys(deps: IssuerKeysDeps): IssuerKeys {
  const known = new Map<string, Asked>();

  const ask = (issuer: string): Asked => {
    const asked = { atMs: deps.now(), keys: readKeys(deps.fetchJson, issuer) };
    known.delete(issuer);
    known.set(issuer, asked);
    for (const oldest of known.keys()) {
      if (known.size <= ISSUERS_MAX) break;
      known.delete(oldest);
    }
    // One that does not answer is asked again by the next token, and not for all of the ten minutes.
    asked.keys.catch(() => {
      if (known.get(issuer) === asked) known.delete(issuer);
    });
    return asked;
  };

  return {
    find: async (issuer, header) => {
      const before = known.get(issuer);
      const isFresh = before !== undefined && deps.now() - before.atMs < KEPT_MS;
      const asked = isFresh ? before : ask(issuer);
      const key = chosen(await asked.keys, header);
      if (key !== undefined || deps.now() - asked.atMs < ASKED_AGAIN_MS) return key;
      return chosen(await ask(issuer).keys, header);
    },
  };
}

function chosen(
  keys: readonly IssuerKey[],
  { kid, algorithm }: { readonly kid: string | undefined; readonly algorithm: CiAlgorithm },
): IssuerKey | undefined {
  const fitting = keys.filter((key) => key.algorithm === algorithm && (kid === undefined || key.kid === kid));
  return fitting.length === 1 ? fitting[0] : undefined;
}

async function readKeys(fetchJson: FetchJson, issuer: string): Promise<readonly IssuerKey[]> {
  const discovery = await fetchJson(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  // Section 4.3: or else one issuer could hand out the keys of another.
  if (member(discovery, "issuer") !== issuer) throw new Error("The discovery document is another issuer's.");
  const jwksUri = member(discovery, "jwks_uri");
  if (typeof jwksUri !== "string") throw new Error("The discovery document has no jwks_uri.");
  const keys = member(await fetchJson(jwksUri), "keys");
  if (!Array.isArray(keys)) throw new Error("The issuer's key set is none.");
  return keys.slice(0, KEYS_MAX).flatMap(readKey);
}

/** Keys that are not for signatures, or not of a kind that is taken, are passed over (RFC 7517 section 5). */
function readKey(jwk: unknown): readonly IssuerKey[] {
  const [kid, use, alg] = [member(jwk, "kid"), member(jwk, "use"), member(jwk, "alg")];
  const algorithm = algorithmOf(jwk);
  if (algorithm === undefined || (use !== undefined && use !== "sig")) return [];
  if (alg !== undefined && alg !== algorithm) return [];
  try {
    const key = createPublicKey({ key: publicPart(jwk), format: "jwk" });
    return [{ kid: typeof kid === "string" ? kid : undefined, algorithm, key }];
  } catch {
    return [];
  }
}

function algorithmOf(jwk: unknown): CiAlgorithm | undefined {
  const kty = member(jwk, "kty");
  if (kty === "RSA") return "RS256";
  return kty === "EC" && member(jwk, "crv") === "P-256" ? "ES256" : undefined;
}

function publicPart(jwk: unknown): Record<string, string> {
  const names = ["kty", "crv", "x", "y", "n", "e"];
  const members = names.map((name) => [name, member(jwk, name)]);
  return Object.fromEntries(members.filter(([, value]) => typeof value === "string"));
}
