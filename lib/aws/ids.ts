import { createHash, randomFillSync } from "node:crypto";
import type { EpochMs } from "../time.ts";

const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";

/** Two digits, ten bits, at a time: every request makes two ids. */
const PAIRS = Array.from(
  { length: 1024 },
  (_, bits) => CROCKFORD.charAt(bits >> 5) + CROCKFORD.charAt(bits & 31),
);

/** Bytes of chance in an id. */
const CHANCE_BYTES = 10;

/** Chance for many ids at once: asking for it costs more than making an id. Each byte is used once. */
const chances = new Uint8Array(CHANCE_BYTES * 1024);
let chanceFrom = chances.length;

/**
 * Makes an id such as `ses_01j9…`: the prefix, 48 bits of time and 80 bits of chance (a ULID in lower case), so
 * that ids of one kind sort by the time they were given.
 */
export function newId(prefix: string, atMs: EpochMs = Date.now()): string {
  if (chanceFrom >= chances.length) {
    randomFillSync(chances);
    chanceFrom = 0;
  }
  const from = chanceFrom;
  chanceFrom += CHANCE_BYTES;
  return compose(prefix, atMs, { bytes: chances, from });
}

/** Makes the same ids in the same order for the same seed: what a repeated request makes twice is one thing. */
export function seededIds(seed: string, atMs: EpochMs): (prefix: string, atMs?: EpochMs) => string {
  let count = 0;
  return (prefix, at = atMs) => derivedId(prefix, at, `${seed}/${count++}`);
}

/** Makes the one id that belongs to `material` at that time: a repeated delivery gets the same. */
export function derivedId(prefix: string, atMs: EpochMs, material: string): string {
  return compose(prefix, atMs, { bytes: createHash("sha256").update(material).digest(), from: 0 });
}

/** The smallest id that a thing of that time can have: the bound of a range over ids that sort by time. */
export function idBound(prefix: string, atMs: EpochMs): string {
  return compose(prefix, atMs, { bytes: new Uint8Array(CHANCE_BYTES), from: 0 });
}

/** The time that an id was given for; `undefined` for what is none of our ids. */
export function timeOfId(id: string): EpochMs | undefined {
  const [, time] = /^[a-z]+_([0-9a-hjkmnp-tv-z]{10})[0-9a-hjkmnp-tv-z]{16}$/.exec(id) ?? [];
  if (time === undefined) return undefined;
  return [...time].reduce((atMs, digit) => atMs * CROCKFORD.length + CROCKFORD.indexOf(digit), 0);
}

/** Where an id's ten bytes of chance are. */
interface Chance {
  readonly bytes: Uint8Array;
  readonly from: number;
}

function compose(prefix: string, atMs: EpochMs, { bytes, from }: Chance): string {
  const time = Math.max(0, Math.floor(atMs));
  const high = Math.floor(time / 2 ** 30);
  const low = time % 2 ** 30;
  const digitsOfTime = pair(high >> 10) + pair(high) + pair(low >> 20) + pair(low >> 10) + pair(low);
  return `${prefix}_${digitsOfTime}${digits(bytes, from)}${digits(bytes, from + 5)}`;
}

/** Five bytes as eight digits. */
function digits(bytes: Uint8Array, from: number): string {
  const a = bytes[from] ?? 0;
  const b = bytes[from + 1] ?? 0;
  const c = bytes[from + 2] ?? 0;
  const d = bytes[from + 3] ?? 0;
  const e = bytes[from + 4] ?? 0;
  return (
    pair((a << 2) | (b >> 6)) + pair((b << 4) | (c >> 4)) + pair((c << 6) | (d >> 2)) + pair((d << 8) | e)
  );
}

function pair(bits: number): string {
  return PAIRS[bits & 1023] ?? "";
}
