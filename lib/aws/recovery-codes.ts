import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  formatRecoveryCode,
  RECOVERY_CODE_ALPHABET,
  RECOVERY_CODE_COUNT,
  RECOVERY_CODE_LENGTH,
  type RecoveryCodes,
} from "../mfa/recovery-code.ts";

/** Recovery codes of 80 random bits, kept as SHA-256: at that entropy a slow hash adds nothing (ASVS 5.0 6.6). */
export function recoveryCodes(): RecoveryCodes {
  return {
    generate(userId) {
      const codes = Array.from({ length: RECOVERY_CODE_COUNT }, randomCode);
      return {
        shown: codes.map(formatRecoveryCode),
        stored: codes.map((code) => ({ hash: digest(userId, code).toString("base64url") })),
      };
    },
    find(userId, recoveryCode, stored) {
      const presented = digest(userId, recoveryCode);
      const index = stored.findIndex(
        ({ hash, usedAtMs }) =>
          usedAtMs === undefined && timingSafeEqual(Buffer.from(hash, "base64url"), presented),
      );
      return index === -1 ? undefined : index;
    },
  };
}

// 32 letters: five bits of each byte, so that every letter is as likely as another.
function randomCode(): string {
  return Array.from(randomBytes(RECOVERY_CODE_LENGTH), (byte) =>
    RECOVERY_CODE_ALPHABET.charAt(byte & 31),
  ).join("");
}

function digest(userId: string, code: string): Buffer {
  return createHash("sha256").update(`${userId}.${code}`).digest();
}
