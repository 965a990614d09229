import canonicalize from "canonicalize";
import type { Proof, Seal } from "./documents.ts";

/** What was computed in this browser of a record's proof. */
export interface ProofVerdict {
  /** SHA-256 over 0x00 and the record as RFC 8785 JSON, hex. */
  readonly leafHash: string;
  /** The root that the record and the path lead to, hex; `undefined` for a path that leads nowhere. */
  readonly rootHash: string | undefined;
  readonly isIncluded: boolean;
  readonly isSigned: boolean;
}

/** Checks a record's proof with nothing but the record, the path and the key (RFC 9162 section 2.1.3.2, ES256). */
export async function verifyProof({ record, leafIndex, path, seal, jwk }: Proof): Promise<ProofVerdict> {
  const leaf = await sha256(concatenated([Uint8Array.of(0), canonicalBytes(record)]));
  const root = await rootOf({ leaf, leafIndex, treeSize: seal.treeSize, path: path.map(fromHex) });
  const rootHash = root && toHex(root);
  return {
    leafHash: toHex(leaf),
    rootHash,
    isIncluded: rootHash === seal.rootHash,
    isSigned: await isSigned(seal, jwk),
  };
}

interface Place {
  readonly leaf: Uint8Array<ArrayBuffer>;
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly path: ReadonlyArray<Uint8Array<ArrayBuffer>>;
}

async function rootOf({ leaf, leafIndex, treeSize, path }: Place): Promise<Uint8Array | undefined> {
  let index = leafIndex;
  let last = treeSize - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (index % 2 === 1 || index === last) {
      hash = await nodeHash(sibling, hash);
      while (index % 2 === 0 && index !== 0) {
        index = index / 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}

async function isSigned(seal: Seal, jwk: JsonWebKey): Promise<boolean> {
  const { signature, ...unsigned } = seal;
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const { kty = "", crv = "", x = "", y = "" } = jwk;
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, algorithm, false, ["verify"]);
  return await crypto.subtle.verify(algorithm, key, fromBase64Url(signature), canonicalBytes(unsigned));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(concatenated([Uint8Array.of(1), left, right]));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function canonicalBytes(document: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalize(document) ?? "");
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
