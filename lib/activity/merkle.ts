import canonicalize from "canonicalize";

/** SHA-256 of some bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/**
 * One leaf, where it stands in a tree, and the hashes that lead from it to the root (RFC 6962 section 2.1.1).
 */
export interface InclusionProof {
  readonly leaf: Uint8Array;
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly path: readonly Uint8Array[];
}

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** The leaf of one record: SHA-256 over 0x00 and the record as RFC 8785 JSON (RFC 6962 section 2.1). */
export function leafHash(sha256: Sha256, record: object): Uint8Array {
  return leafOfBytes(sha256, canonicalBytes(record));
}

/** The leaf of a record that is written already. */
export function leafOfBytes(sha256: Sha256, canonical: Uint8Array): Uint8Array {
  const whole = new Uint8Array(1 + canonical.length);
  whole[0] = LEAF_PREFIX;
  whole.set(canonical, 1);
  return sha256(whole);
}

/** The root of a tree over these leaves in this order; of no leaves at all, the hash of nothing. */
export function treeHash(sha256: Sha256, leaves: readonly Uint8Array[]): Uint8Array {
  // Complete subtrees from left to right, the largest first: two of one size make one of twice that.
  const subtrees: { readonly size: number; readonly hash: Uint8Array }[] = [];
  for (const leaf of leaves) {
    let subtree = { size: 1, hash: leaf };
    while (subtrees.at(-1)?.size === subtree.size) {
      const left = subtrees.pop();
      if (left === undefined) break;
      subtree = { size: 2 * subtree.size, hash: nodeHash(sha256, left.hash, subtree.hash) };
    }
    subtrees.push(subtree);
  }
  const root = subtrees
    .map(({ hash }) => hash)
    .reduceRight<Uint8Array | undefined>(
      (right, left) => (right === undefined ? left : nodeHash(sha256, left, right)),
      undefined,
    );
  return root ?? sha256(new Uint8Array());
}

/** The hashes from the leaf at `index` up to the root, the nearest first (RFC 6962 section 2.1.1). */
export function inclusionPath(
  sha256: Sha256,
  leaves: readonly Uint8Array[],
  index: number,
): readonly Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
    throw new Error(`No leaf at ${index}.`);
  if (leaves.length === 1) return [];
  const left = largestPowerOfTwoBelow(leaves.length);
  const [near, far] = [leaves.slice(0, left), leaves.slice(left)];
  return index < left
    ? [...inclusionPath(sha256, near, index), treeHash(sha256, far)]
    : [...inclusionPath(sha256, far, index - left), treeHash(sha256, near)];
}

/** Whether a leaf is in the tree of that root, at that place (RFC 9162 section 2.1.3.2). */
export function isIncluded(sha256: Sha256, root: Uint8Array, proof: InclusionProof): boolean {
  let index = proof.leafIndex;
  let last = proof.treeSize - 1;
  if (!Number.isInteger(index) || index < 0 || index > last) return false;
  let hash = proof.leaf;
  for (const sibling of proof.path) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (index % 2 === 0 && index !== 0) {
        index = index / 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(sha256, hash, sibling);
    }
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && toHex(hash) === toHex(root);
}

/**
 * A document as the bytes of its RFC 8785 JSON. Throws where JSON cannot say it (lone surrogates,
 * infinities).
 */
export function canonicalBytes(document: object): Uint8Array {
  return new TextEncoder().encode(canonicalize(document) ?? "");
}

/** Bytes as lower-case hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Hexadecimal digits as bytes, or `undefined` for anything else. */
export function fromHex(digits: string): Uint8Array | undefined {
  if (!/^([0-9a-f]{2})*$/.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Bytes of a SHA-256. */
const HASH_BYTES = 32;

/** Where two hashes are put side by side: there are as many pairs in a tree as leaves. */
const pair = new Uint8Array(1 + 2 * HASH_BYTES);

function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  pair[0] = NODE_PREFIX;
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return sha256(pair);
}

function largestPowerOfTwoBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
