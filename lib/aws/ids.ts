import { createHash, randomBytes } from "node:crypto";
import type { EpochMs } from "../time.ts";

const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * Makes an id such as `ses_01j9…`: the prefix, 48 bits of time and 80 bits of chance (a ULID in lower case), so
 * that ids of one kind sort by the time they were given.
 */
export function newId(prefix: string, atMs: EpochMs = Date.now()): string {
  return compose(prefix, atMs, randomBytes(10));
}

/** Makes the same ids in the same order for the same seed: what a repeated request makes twice is one thing. */
export function seededIds(seed: string, atMs: EpochMs): (prefix: string, atMs?: EpochMs) => string {
  let count = 0;
  return (prefix, at = atMs) => derivedId(prefix, at, `${seed}/${count++}`);
}

/** Makes the one id that belongs to `material` at that time: a repeated delivery gets the same. */
export function derivedId(prefix: string, atMs: EpochMs, material: string): string {
  return compose(prefix, atMs, createHash("sha256").update(material).digest().subarray(0, 10));
}

/** The smallest id that a thing of that time can have: the bound of a range over ids that sort by time. */
export function idBound(prefix: string, atMs: EpochMs): string {
  return compose(prefix, atMs, new Uint8Array(10));
}

/** The time that an id was given for; `undefined` for what is none of our ids. */
export function timeOfId(id: string): EpochMs | undefined {
  const [, time] = /^[a-z]+_([0-9a-hjkmnp-tv-z]{10})[0-9a-hjkmnp-tv-z]{16}$/.exec(id) ?? [];
  if (time === undefined) return undefined;
  return [...time].reduce((atMs, digit) => atMs * CROCKFORD.length + CROCKFORD.indexOf(digit), 0);
}

function compose(prefix: string, atMs: EpochMs, chance: Uint8Array): string {
  return `${prefix}_${encode(BigInt(Math.max(0, Math.floor(atMs))), 10)}${encode(toBigInt(chance), 16)}`;
}

function toBigInt(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function encode(value: bigint, length: number): string {
  let rest = value;
  let text = "";
  for (let i = 0; i < length; i++) {
    text = CROCKFORD.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}
