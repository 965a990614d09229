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
  if (canonical.length >= whole.length) whole = new Uint8Array(2 * canonical.length);
  whole[0] = LEAF_PREFIX;
  whole.set(canonical, 1);
  return sha256(whole.subarray(0, 1 + canonical.length));
}

/** Where a leaf's prefix is put before its bytes: a new array for each costs as much as hashing it. */
let whole = new Uint8Array(4096);

/** A tree over leaves in their order (RFC 6962 section 2.1). */
export interface MerkleTree {
  /** Of no leaves at all, the hash of nothing. */
  readonly root: Uint8Array;
  /** The hashes from the leaf at `index` up to the root, the nearest first (section 2.1.1). Throws where there is none. */
  pathOf(index: number): readonly Uint8Array[];
}

/** Hashes a tree, once: its root and the path of every leaf are read from it. */
export function merkleTree(sha256: Sha256, leaves: readonly Uint8Array[]): MerkleTree {
  const levels = levelsOf(sha256, leaves);
  return {
    root: levels.at(-1)?.[0] ?? sha256(new Uint8Array()),
    pathOf: (index) => {
      if (leaves[index] === undefined) throw new Error(`No leaf at ${index}.`);
      return pathOf(levels, index);
    },
  };
}

/**
 * The leaves, then what each two of them make, up to the root. The last of an odd number goes up as it is, which is
 * the same tree as the RFC's, whose left side is the largest power of two below its size.
 */
function levelsOf(sha256: Sha256, leaves: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const levels = [leaves];
  for (let below = leaves; below.length > 1; ) {
    const level: Uint8Array[] = [];
    for (let at = 0; at < below.length; at += 2) level.push(parentOf(sha256, below, at));
    levels.push(level);
    below = level;
  }
  return levels;
}

function parentOf(sha256: Sha256, level: readonly Uint8Array[], at: number): Uint8Array {
  const [left, right] = [level[at], level[at + 1]];
  if (left === undefined) throw new Error(`Nothing at ${at}.`);
  return right === undefined ? left : nodeHash(sha256, left, right);
}

function pathOf(levels: readonly (readonly Uint8Array[])[], index: number): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  let place = index;
  for (const level of levels) {
    const sibling = level[place % 2 === 0 ? place + 1 : place - 1];
    if (sibling !== undefined) path.push(sibling);
    place = Math.floor(place / 2);
  }
  return path;
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
