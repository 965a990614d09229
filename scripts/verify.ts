import { createHash, createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isProven, type RecordProof, type SignatureCheck } from "../lib/activity/seal.ts";
import { verifyExport } from "../lib/activity/verify-export.ts";
import { isSeal, readExport } from "../lib/activity/verify-read.ts";

const USAGE = "Usage: npm run verify -- FILE [--jwks JWKS_FILE]";
/** Where a local stack leaves its published keys. */
const LOCAL_JWKS = ".local/jwks.json";

type Keys = ReadonlyMap<string, JsonWebKey>;

/** The answer of `…/proof`, with the key that its seal was signed with. */
type Proof = RecordProof & { readonly jwk?: JsonWebKey };

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

process.exitCode = main(process.argv.slice(2));

/**
 * Checks an export, or one record's proof, offline; 0 where all is as it was, else 1 (2 where it cannot be
 * told).
 */
function main(args: readonly string[]): number {
  const [file, option, jwksFile] = args;
  if (file === undefined || (option !== undefined && (option !== "--jwks" || jwksFile === undefined))) {
    return refuse(USAGE);
  }
  const missing = [file, jwksFile].find((path) => path !== undefined && !existsSync(path));
  if (missing !== undefined) return refuse(`There is no such file: ${missing}`);
  const text = readFileSync(file, "utf8");
  const proof = asProof(text);
  const keys = trustedKeys(jwksFile) ?? shown(proof === undefined ? keysOfExport(text) : keysOfProof(proof));
  return proof === undefined ? checkExport(text, keys) : checkProof(proof, keys);
}

function checkExport(text: string, keys: Keys): number {
  const checkSealSignature = signatureCheck(new Map([...keysOfSeals(text), ...keys]));
  const verdict = verifyExport({ sha256, checkSignature: signatureCheck(keys), checkSealSignature }, text);
  if (!verdict.ok) {
    console.error(`${verdict.fault.kind.toUpperCase()}: ${verdict.fault.message}`);
    return 1;
  }
  const { records, pages, seals, unsealed } = verdict;
  console.log(`OK: ${records} records in ${pages} pages under ${seals} seals, ${unsealed} not sealed yet.`);
  return 0;
}

function checkProof(proof: Proof, keys: Keys): number {
  if (!keys.has(proof.seal.kid)) {
    return refuse(`A proof needs the key ${proof.seal.kid}: --jwks FILE, from /.well-known/jwks.json.`);
  }
  const proven = isProven({ sha256, checkSignature: signatureCheck(keys) }, proof);
  if (proven) console.log(`OK: the record is as seal ${proof.seal.id} covers it.`);
  else console.error(`CHANGED: the record is not as seal ${proof.seal.id} covers it.`);
  return proven ? 0 : 1;
}

function refuse(why: string): number {
  console.error(why);
  return 2;
}

function signatureCheck(keys: Keys): SignatureCheck {
  return (kid, bytes, signature) => {
    const jwk = keys.get(kid);
    if (jwk === undefined) return false;
    const key = createPublicKey({ key: jwk, format: "jwk" });
    return verify("sha256", bytes, { key, dsaEncoding: "ieee-p1363" }, signature);
  };
}

function trustedKeys(jwksFile: string | undefined): Keys | undefined {
  const path = jwksFile ?? (existsSync(LOCAL_JWKS) ? LOCAL_JWKS : undefined);
  if (path === undefined) return undefined;
  const jwks: { readonly keys: readonly JsonWebKey[] } = JSON.parse(readFileSync(path, "utf8"));
  return new Map(jwks.keys.map((key) => [String(key["kid"]), key]));
}

function keysOfExport(text: string): Keys {
  const file = readExport(sha256, text);
  const keys = new Map<string, JsonWebKey>();
  for (const { integrity } of "ends" in file ? file.ends : []) {
    if (integrity.jwk !== undefined) keys.set(integrity.statement.kid, integrity.jwk);
  }
  return keys;
}

function keysOfSeals(text: string): Keys {
  const file = readExport(sha256, text);
  const keys = new Map<string, JsonWebKey>();
  for (const { integrity } of "ends" in file ? file.ends : []) {
    for (const { seal, jwk } of integrity.seals) if (jwk !== undefined) keys.set(seal.kid, jwk);
  }
  return keys;
}

function keysOfProof({ jwk, seal }: Proof): Keys {
  return new Map(jwk === undefined ? [] : [[seal.kid, jwk]]);
}

/** A key that comes with what it is to prove, proves nothing by itself: its thumbprint is to be compared. */
function shown(keys: Keys): Keys {
  for (const [kid, { crv, kty, x, y }] of keys) {
    // RFC 7638: the required members in lexical order.
    const thumbprint = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
    console.error(
      `Signed by key ${kid}, thumbprint ${thumbprint}. Give --jwks to check against keys you trust.`,
    );
  }
  return keys;
}

function asProof(text: string): Proof | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const value: Partial<Proof> = JSON.parse(text);
    const { record, leafIndex, path, seal, jwk } = value;
    const isWhole =
      typeof record === "object" && leafIndex !== undefined && Array.isArray(path) && isSeal(seal);
    if (!isWhole) return undefined;
    return { record, leafIndex, path, seal, ...(jwk === undefined ? {} : { jwk }) };
  } catch {
    // More than one line is no proof but an export.
    return undefined;
  }
}
