import type { EpochMs } from "../time.ts";

/** How many recovery codes a user has (contract section 2). */
export const RECOVERY_CODE_COUNT = 10;

/** Characters of a recovery code without its hyphens: 16 of Crockford's 32 make 80 bits. */
export const RECOVERY_CODE_LENGTH = 16;

/** Crockford's base32, in lower case: no i, l, o or u. */
export const RECOVERY_CODE_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** A recovery code as it is kept. */
export interface StoredRecoveryCode {
  readonly hash: string;
  /** Set at its one use, under the condition that it was not set. */
  readonly usedAtMs?: EpochMs;
}

/** Makes recovery codes and finds the one that was typed. */
export interface RecoveryCodes {
  /** Ten codes to show once, as `xxxx-xxxx-xxxx-xxxx`, and the same in the same order to keep. */
  generate(userId: string): {
    readonly shown: readonly string[];
    readonly stored: readonly StoredRecoveryCode[];
  };
  /** The place of an unused code among those kept, or `undefined`. `recoveryCode` must be normalised. */
  find(userId: string, recoveryCode: string, stored: readonly StoredRecoveryCode[]): number | undefined;
}

/**
 * Reads a recovery code as people copy it: any case, with or without hyphens and spaces, and `o` for 0, `i` and `l`
 * for 1 (Crockford). `undefined` for what cannot be one.
 */
export function normaliseRecoveryCode(text: string): string | undefined {
  // Lower case by ASCII alone: the Kelvin sign would otherwise become an ordinary k.
  const compact = text.replace(/[ -]/g, "").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const code = compact.replaceAll("o", "0").replace(/[il]/g, "1");
  return /^[0-9a-hjkmnp-tv-z]{16}$/.test(code) ? code : undefined;
}

/** Writes a normalised code in groups of four. */
export function formatRecoveryCode(code: string): string {
  return code.replace(/.{4}(?=.)/g, "$&-");
}
