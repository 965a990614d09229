import * as crypto from "node:crypto";
import { jest } from "@jest/globals";
import { seededRandom } from "../support/seeded-random.ts";

/** Chance that a seed decides. */
export interface Chance {
  /** A whole number from 0 on, below `limit`. */
  below(limit: number): number;
  /** True once in so many times. */
  oneIn(times: number): boolean;
  /** One of a list; `undefined` of an empty one. */
  pick<T>(list: readonly T[]): T | undefined;
  /** One of a list that has some. */
  one<T>(list: readonly [T, ...T[]]): T;
  /** One of a list, each as likely as its weight. */
  weighted<T>(entries: readonly (readonly [weight: number, value: T])[]): T;
}

/** The chance of one command of a run: leaving another command out changes nothing of it. */
export function chanceOf(seed: number, index: number): Chance {
  const below = seededRandom((Math.imul(seed, 0x9e_37_79_b1) ^ Math.imul(index + 1, 0x85_eb_ca_6b)) | 0);
  // The first draws of neighbouring seeds are alike.
  for (let i = 0; i < 3; i++) below(2);
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick: (list) => list[below(Math.max(1, list.length))],
    one: (list) => list[below(list.length)] ?? list[0],
    weighted: (entries) => {
      let left = below(entries.reduce((sum, [weight]) => sum + weight, 0));
      for (const [weight, value] of entries) {
        left -= weight;
        if (left < 0) return value;
      }
      throw new Error("There is nothing to choose from.");
    },
  };
}

/** What takes the chance of the process itself: ids, salts and how long a wait is. */
export interface ProcessChance {
  /** From now on all of it follows from this seed. */
  reseed(seed: number): void;
  /** How often chance has been asked for by the buffer. */
  fills(): number;
  stop(): void;
}

/** Waits with jitter are to be short: they cost time and decide nothing. */
const SHORTEST_SHARE = 0.02;

/** Passwords are what they are in a run: hashing them well would be a third of its time. */
const CHEAP_ARGON2 = { memory: 64, passes: 1 };

/**
 * Makes ids and jitter follow from a seed, where the product asks the process for them. To be called before the product is
 * loaded, as it takes these functions when it is.
 */
export function seedProcess(): ProcessChance {
  const { random } = Math;
  let below = seededRandom(0);
  let fills = 0;
  const fill = <Bytes extends Uint8Array>(bytes: Bytes): Bytes => {
    for (let i = 0; i < bytes.length; i++) bytes[i] = below(256);
    return bytes;
  };
  jest.unstable_mockModule("node:crypto", () => ({
    ...crypto,
    default: crypto,
    randomFillSync: (bytes: Uint8Array) => {
      fills += 1;
      return fill(bytes);
    },
    randomBytes: (length: number) => fill(Buffer.alloc(length)),
    argon2: ((algorithm, parameters, done) => {
      crypto.argon2(algorithm, { ...parameters, ...CHEAP_ARGON2 }, done);
    }) satisfies typeof crypto.argon2,
  }));
  Math.random = () => (below(1_000_000) / 1_000_000) * SHORTEST_SHARE;
  return {
    reseed: (seed) => {
      below = seededRandom(seed ^ 0x5e_ed);
    },
    fills: () => fills,
    stop: () => {
      Math.random = random;
    },
  };
}
