/** Sums of a file of usage events, by session and meter. */
export interface UsageFileSum {
  /** `session,meter`, as the file has them. */
  readonly key: string;
  /** Millionths of the meter's unit, exactly. */
  readonly microUnits: bigint;
}

/** Takes a file in as it comes, in pieces of any size. */
export interface UsageFileSummation {
  /** @throws Error for a line that is not of the form, with its number */
  add(bytes: Uint8Array): void;
  /** The sums, in the order in which their keys first came. @throws Error as `add` */
  sums(): readonly UsageFileSum[];
}

const [NEWLINE, COMMA, POINT, ZERO, NINE] = [0x0a, 0x2c, 0x2e, 0x30, 0x39];

/** Where a line has its session, its meter and its value, counted by the commas before them. */
const [SESSION_FIELD, VALUE_FIELD] = [4, 6];

const DECIMALS = 6;

/** Sums stay whole numbers below 2^53; from here on they are moved to a `bigint`. */
const CARRY_AT = 2 ** 52;

/** The largest value of one event, in millionths: added to what is below the carry, it is still a whole number. */
const MICRO_MAX = 2 ** 51;

/**
 * Sums a file of usage events exactly: lines of `time,source,id,resource,session,meter,value`, without quotes, values
 * with at most six decimals. It goes over the bytes once: no line becomes a string, a key only the first time it
 * comes, and an amount is a whole number of millionths.
 */
export function sumUsageFile(): UsageFileSummation {
  const slots = keySlots();
  let rest = new Uint8Array();
  let lines = 0;
  /** Takes whole lines, and gives where the first that is not whole begins. */
  const take = (bytes: Uint8Array): number => {
    let from = 0;
    for (;;) {
      const next = line(bytes, from, slots);
      if (next === INCOMPLETE) return from;
      lines += 1;
      if (next === MALFORMED) throw new Error(`Line ${lines} is not a usage event.`);
      from = next;
    }
  };
  const add = (bytes: Uint8Array): void => {
    // Of a line that was cut, the two pieces alone are put together.
    const end = rest.length === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    if (rest.length > 0) {
      const whole = joined(rest, end === 0 ? bytes : bytes.subarray(0, end));
      rest = whole.slice(take(whole));
      if (end === 0) return;
    }
    const whole = bytes.subarray(end);
    rest = whole.slice(take(whole));
  };
  return {
    add,
    sums: () => {
      // A file need not end its last line.
      if (rest.length > 0) add(Uint8Array.of(NEWLINE));
      return slots.sums();
    },
  };
}

const INCOMPLETE = -1;
const MALFORMED = -2;

/** Reads the line at `from`, and gives where the next one begins. */
function line(bytes: Uint8Array, from: number, slots: KeySlots): number {
  const keyFrom = afterCommas(bytes, from, SESSION_FIELD);
  if (keyFrom < 0) return keyFrom;
  let hash = 0;
  let left = VALUE_FIELD - SESSION_FIELD;
  for (let at = keyFrom; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === NEWLINE) return MALFORMED;
    if (byte === COMMA && --left === 0) return value(bytes, at + 1, { keyFrom, keyTo: at, hash, slots });
    hash = hashedOn(hash, byte);
  }
  return INCOMPLETE;
}

/** Where so many commas of this line are behind. */
function afterCommas(bytes: Uint8Array, from: number, commas: number): number {
  let left = commas;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === NEWLINE) return MALFORMED;
    if (byte === COMMA && --left === 0) return at + 1;
  }
  return INCOMPLETE;
}

interface Key {
  readonly keyFrom: number;
  readonly keyTo: number;
  /** Of the key's bytes. */
  readonly hash: number;
  readonly slots: KeySlots;
}

/** Reads the value at `from` to the end of its line, adds it to its key, and gives where the next line begins. */
function value(bytes: Uint8Array, from: number, key: Key): number {
  let digits = 0;
  let pointAt = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= ZERO && byte <= NINE) digits = digits * 10 + byte - ZERO;
    else if (byte === POINT && pointAt === 0 && at > from) pointAt = at;
    else {
      const micro = byte === NEWLINE ? microUnits(digits, { from, pointAt, to: at }) : undefined;
      if (micro === undefined) return MALFORMED;
      key.slots.add(bytes, key, micro);
      return at + 1;
    }
  }
  return INCOMPLETE;
}

interface ValueSpan {
  readonly from: number;
  /** 0 where there is none. */
  readonly pointAt: number;
  readonly to: number;
}

/** Digits as millionths; `undefined` for what is no number of them, or too large to be exact. */
function microUnits(digits: number, { from, pointAt, to }: ValueSpan): number | undefined {
  const decimals = pointAt === 0 ? 0 : to - pointAt - 1;
  if (to === from || decimals > DECIMALS || pointAt === to - 1) return undefined;
  const micro = digits * (POWERS_OF_TEN[DECIMALS - decimals] ?? Number.NaN);
  return micro <= MICRO_MAX ? micro : undefined;
}

const POWERS_OF_TEN = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

interface KeySlots {
  add(bytes: Uint8Array, key: Key, micro: number): void;
  sums(): readonly UsageFileSum[];
}

/** Sums by key: a table of open addresses, which compares bytes and makes no string of a key that it knows. */
function keySlots(): KeySlots {
  const keys: Uint8Array[] = [];
  const sums: number[] = [];
  const carried: bigint[] = [];
  let places = new Int32Array(1 << 12).fill(-1);

  const slotOf = (bytes: Uint8Array, { keyFrom, keyTo, hash }: Key): number => {
    const mask = places.length - 1;
    let place = mixed(hash) & mask;
    for (;;) {
      const slot = places[place] ?? -1;
      if (slot < 0) break;
      if (isKey(keys[slot], bytes, { keyFrom, keyTo })) return slot;
      place = (place + 1) & mask;
    }
    places[place] = keys.length;
    keys.push(bytes.slice(keyFrom, keyTo));
    sums.push(0);
    carried.push(0n);
    if (keys.length * 2 > places.length) places = spread(keys, places.length * 2);
    return keys.length - 1;
  };
  return {
    add: (bytes, key, micro) => {
      const slot = slotOf(bytes, key);
      const sum = (sums[slot] ?? 0) + micro;
      sums[slot] = sum < CARRY_AT ? sum : 0;
      if (sum >= CARRY_AT) carried[slot] = (carried[slot] ?? 0n) + BigInt(sum);
    },
    sums: () =>
      keys.map((key, slot) => ({
        key: new TextDecoder().decode(key),
        microUnits: (carried[slot] ?? 0n) + BigInt(sums[slot] ?? 0),
      })),
  };
}

function hashedOn(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

function mixed(hash: number): number {
  return hash ^ (hash >>> 15);
}

function isKey(
  key: Uint8Array | undefined,
  bytes: Uint8Array,
  { keyFrom, keyTo }: Pick<Key, "keyFrom" | "keyTo">,
): boolean {
  if (key?.length !== keyTo - keyFrom) return false;
  for (let at = 0; at < key.length; at++) {
    if (key[at] !== bytes[keyFrom + at]) return false;
  }
  return true;
}

/** The same keys in a larger table. */
function spread(keys: readonly Uint8Array[], size: number): Int32Array<ArrayBuffer> {
  const places = new Int32Array(size).fill(-1);
  for (const [slot, key] of keys.entries()) {
    let place = mixed(key.reduce(hashedOn, 0)) & (size - 1);
    while ((places[place] ?? -1) >= 0) place = (place + 1) & (size - 1);
    places[place] = slot;
  }
  return places;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(one.length + other.length);
  whole.set(one);
  whole.set(other, one.length);
  return whole;
}
