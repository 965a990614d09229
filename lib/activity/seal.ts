import { type EpochMs, toRfc3339 } from "../time.ts";
import { canonicalBytes, fromHex, isIncluded, leafHash, merkleTree, type Sha256, toHex } from "./merkle.ts";

/**
 * What is known for certain of the records received in `[from, to)`: how many they are and the root of the
 * tree over them. Signed, and chained to the seal before, so that neither a record nor a whole interval goes
 * missing unseen.
 */
export interface Seal {
  /** `sel_…` */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly treeSize: number;
  /** Hex. */
  readonly rootHash: string;
  /**
   * SHA-256, hex, of the seal before as RFC 8785 JSON, its signature included; `null` for a tenant's first.
   */
  readonly previousSealHash: string | null;
  readonly kid: string;
  /** ES256 (RFC 7518 section 3.4), base64url, over the seal without this member as RFC 8785 JSON. */
  readonly signature: string;
}

/** Proves one record: its place under a seal. */
export interface RecordProof {
  readonly record: object;
  readonly leafIndex: number;
  readonly path: readonly string[];
  readonly seal: Seal;
}

/** Signs with ES256; `sign` answers the 64 bytes of r and s. */
export interface Signer {
  readonly kid: string;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/** Checks an ES256 signature with the key of that id; `false` where there is no such key. */
export type SignatureCheck = (kid: string, bytes: Uint8Array, signature: Uint8Array) => boolean;

/** What the making of a seal needs. */
export interface SealDeps {
  readonly sha256: Sha256;
  readonly signer: Signer;
}

/** What the checking of a seal needs. */
export interface CheckDeps {
  readonly sha256: Sha256;
  readonly checkSignature: SignatureCheck;
}

/** One interval to be sealed: its leaves in order, and the tenant's seal before it. */
export interface SealInput {
  readonly id: string;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  readonly leaves: readonly Uint8Array[];
  readonly previous: Seal | undefined;
}

/** Seals an interval. */
export function makeSeal(deps: SealDeps, input: SealInput): Seal {
  return signed(deps.signer, {
    id: input.id,
    from: toRfc3339(input.fromMs),
    to: toRfc3339(input.toMs),
    treeSize: input.leaves.length,
    rootHash: toHex(merkleTree(deps.sha256, input.leaves).root),
    previousSealHash: input.previous === undefined ? null : documentHash(deps.sha256, input.previous),
  });
}

/** Proves the record at `leafIndex` of a sealed interval. */
export function proveRecord(
  sha256: Sha256,
  interval: { readonly seal: Seal; readonly leaves: readonly Uint8Array[] },
  place: { readonly record: object; readonly leafIndex: number },
): RecordProof {
  const path = merkleTree(sha256, interval.leaves).pathOf(place.leafIndex).map(toHex);
  return { record: place.record, leafIndex: place.leafIndex, path, seal: interval.seal };
}

/** Whether a record is just what its seal covers, and the seal is signed. */
export function isProven(deps: CheckDeps, proof: RecordProof): boolean {
  const path = proof.path.map(fromHex).filter((hash) => hash !== undefined);
  const root = fromHex(proof.seal.rootHash);
  if (root === undefined || path.length !== proof.path.length) return false;
  const leaf = leafHash(deps.sha256, proof.record);
  const place = { leaf, leafIndex: proof.leafIndex, treeSize: proof.seal.treeSize, path };
  return isIncluded(deps.sha256, root, place) && isSigned(deps, proof.seal);
}

/** Signs a document: adds the key's id, and the signature over all the rest as RFC 8785 JSON. */
export function signed<T extends object>(
  signer: Signer,
  document: T,
): T & { kid: string; signature: string } {
  const unsigned = { ...document, kid: signer.kid };
  return { ...unsigned, signature: toBase64Url(signer.sign(canonicalBytes(unsigned))) };
}

/** Whether a document bears the signature of the key that it names. */
export function isSigned(
  deps: Pick<CheckDeps, "checkSignature">,
  document: { readonly kid: string; readonly signature: string },
): boolean {
  const { signature, ...unsigned } = document;
  const bytes = fromBase64Url(signature);
  return bytes !== undefined && deps.checkSignature(document.kid, canonicalBytes(unsigned), bytes);
}

/** SHA-256, hex, of a whole document as RFC 8785 JSON: how the next in a chain refers to it. */
export function documentHash(sha256: Sha256, document: object): string {
  return toHex(sha256(canonicalBytes(document)));
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  // One signature has one spelling: the unused bits of the last character must be zero.
  return toBase64Url(bytes) === text ? bytes : undefined;
}
