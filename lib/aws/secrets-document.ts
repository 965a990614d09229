import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { ACCESS_TOKEN_LIFETIME_SECONDS } from "../session/token.ts";
import type { EpochMs } from "../time.ts";
import { decodeBase64url } from "./base64url.ts";
import { member } from "./json-member.ts";

/** A P-256 private key (RFC 7518 section 6.2). */
export interface PrivateJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

/** A signing key as it is stored. */
export interface SigningKeyEntry {
  /** The key's thumbprint (RFC 7638). */
  readonly kid: string;
  readonly privateKeyJwk: PrivateJwk;
  readonly activeFromMs: EpochMs;
  readonly retiredAtMs?: EpochMs;
}

/** The lists of 256-bit keys, base64url, newest first. */
export interface SymmetricKeys {
  /** Cursors, challenges, tickets, invitations, resets: lifetimes of up to 7 days. */
  readonly sealingKeys: readonly string[];
  /** Refresh tokens: as long as the longest absolute timeout, 30 days. */
  readonly refreshKeys: readonly string[];
  /** Codes sent by SMS: 5 min. */
  readonly codeKeys: readonly string[];
  /** Secrets of authenticator apps at rest: an old key stays for as long as a secret sealed with it. */
  readonly factorKeys: readonly string[];
}

/** All secrets of a deployment in one document: one SSM parameter, or one file locally. */
export interface SecretsDocument extends SymmetricKeys {
  readonly signingKeys: readonly SigningKeyEntry[];
}

/** How long a signing key is published before it signs, so that every verifier has it by then. */
const PUBLISH_AHEAD_MS = 10 * 60_000;

/** How long a signing key verifies after its successor took over: the life of the last token it signed, twice. */
const RETIREMENT_OVERLAP_MS = 2 * ACCESS_TOKEN_LIFETIME_SECONDS * 1000;

/** The secrets of a new deployment, its signing key active at once. */
export function createSecretsDocument(nowMs: EpochMs): SecretsDocument {
  return {
    signingKeys: [newSigningKey(nowMs)],
    sealingKeys: [newSymmetricKey()],
    refreshKeys: [newSymmetricKey()],
    codeKeys: [newSymmetricKey()],
    factorKeys: [newSymmetricKey()],
  };
}

/**
 * Adds a signing key that takes over after 10 min and retires those before it 10 min later; keys already retired are
 * dropped. With `immediately` the new key signs and the old ones end at `nowMs`: for a key that leaked, at the price
 * that every access token in use must be refreshed.
 */
export function rotateSigningKey(
  document: SecretsDocument,
  nowMs: EpochMs,
  options: { readonly immediately?: boolean } = {},
): SecretsDocument {
  const activeFromMs = options.immediately === true ? nowMs : nowMs + PUBLISH_AHEAD_MS;
  const endsAtMs = options.immediately === true ? nowMs : activeFromMs + RETIREMENT_OVERLAP_MS;
  const kept = document.signingKeys
    .map((key) => ({ ...key, retiredAtMs: Math.min(key.retiredAtMs ?? endsAtMs, endsAtMs) }))
    .filter((key) => key.retiredAtMs > nowMs);
  return { ...document, signingKeys: [...kept, newSigningKey(activeFromMs)] };
}

/** Puts a new key before those of a list and keeps `keep` of the old ones, which go on checking what they made. */
export function rotateSymmetricKey(
  document: SecretsDocument,
  list: keyof SymmetricKeys,
  keep = 1,
): SecretsDocument {
  return { ...document, [list]: [newSymmetricKey(), ...document[list].slice(0, keep)] };
}

/** Reads a document. @throws Error that says which member is wrong, and never its value */
export function parseSecretsDocument(text: string): SecretsDocument {
  const document: unknown = JSON.parse(text);
  return {
    signingKeys: list(document, "signingKeys").map(parseSigningKey),
    sealingKeys: list(document, "sealingKeys").map(parseSymmetricKey),
    refreshKeys: list(document, "refreshKeys").map(parseSymmetricKey),
    codeKeys: list(document, "codeKeys").map(parseSymmetricKey),
    factorKeys: list(document, "factorKeys").map(parseSymmetricKey),
  };
}

function newSymmetricKey(): string {
  return randomBytes(32).toString("base64url");
}

function newSigningKey(activeFromMs: EpochMs): SigningKeyEntry {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const privateKeyJwk = parsePrivateJwk(privateKey.export({ format: "jwk" }));
  return { kid: thumbprint(privateKeyJwk), privateKeyJwk, activeFromMs };
}

// RFC 7638: the required members alone, in alphabetical order.
function thumbprint({ crv, kty, x, y }: PrivateJwk): string {
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}

function parseSigningKey(entry: unknown): SigningKeyEntry {
  const kid = member(entry, "kid");
  const activeFromMs = member(entry, "activeFromMs");
  const retiredAtMs = member(entry, "retiredAtMs");
  if (typeof kid !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(kid)) throw wrong("kid");
  if (typeof activeFromMs !== "number") throw wrong("activeFromMs");
  if (retiredAtMs !== undefined && typeof retiredAtMs !== "number") throw wrong("retiredAtMs");
  return {
    kid,
    privateKeyJwk: parsePrivateJwk(member(entry, "privateKeyJwk")),
    activeFromMs,
    ...(retiredAtMs === undefined ? {} : { retiredAtMs }),
  };
}

function parsePrivateJwk(jwk: unknown): PrivateJwk {
  const [kty, crv] = [member(jwk, "kty"), member(jwk, "crv")];
  const [x, y, d] = [member(jwk, "x"), member(jwk, "y"), member(jwk, "d")];
  if (kty !== "EC" || crv !== "P-256") throw wrong("privateKeyJwk");
  if (typeof x !== "string" || typeof y !== "string" || typeof d !== "string") throw wrong("privateKeyJwk");
  return { kty, crv, x, y, d };
}

function parseSymmetricKey(key: unknown): string {
  if (typeof key !== "string" || decodeBase64url(key)?.length !== 32) throw wrong("a symmetric key");
  return key;
}

function list(document: unknown, name: string): readonly unknown[] {
  const value = member(document, name);
  if (!Array.isArray(value) || value.length === 0) throw wrong(name);
  return value;
}

function wrong(name: string): Error {
  return new Error(`The secrets document is not usable: ${name} is missing or wrong.`);
}
