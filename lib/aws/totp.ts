import { randomBytes, timingSafeEqual } from "node:crypto";
import qrcode from "qrcode";
import speakeasy from "speakeasy";
import { acceptableSteps, TOTP_STEP_SECONDS, type Totp } from "../mfa/totp.ts";

const SECRET_BYTES = 20;
const DIGITS = 6;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * TOTP on speakeasy, which computes the codes and nothing more: its secrets hold 6 bits a byte, and its own check
 * takes `+12345` and forgets which code was used.
 */
export function totp(): Totp {
  return {
    async enrol({ issuer, account }) {
      const secret = encodeBase32(randomBytes(SECRET_BYTES));
      const otpauthUri = speakeasy.otpauthURL({
        ...{
          secret,
          issuer,
          encoding: "base32",
          algorithm: "sha1",
          digits: DIGITS,
          period: TOTP_STEP_SECONDS,
        },
        label: `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`,
      });
      return { secret, otpauthUri, qrSvg: await qrcode.toString(otpauthUri, { type: "svg", margin: 2 }) };
    },
    verify({ secret, code, nowMs, lastUsedStep }) {
      const presented = Buffer.from(code);
      // All steps are computed, whichever matches: the time taken does not tell.
      const matching = acceptableSteps(nowMs, lastUsedStep).filter((step) => {
        const expected = Buffer.from(
          speakeasy.hotp({ secret, encoding: "base32", counter: step, digits: DIGITS }),
        );
        return expected.length === presented.length && timingSafeEqual(expected, presented);
      });
      return matching[0];
    },
  };
}

/** RFC 4648 section 6 for whole groups of five bytes, which need no padding. */
function encodeBase32(bytes: Buffer): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 5) {
    let group = BigInt(`0x${bytes.subarray(start, start + 5).toString("hex")}`);
    let letters = "";
    for (let index = 0; index < 8; index += 1) {
      letters = BASE32.charAt(Number(group & 31n)) + letters;
      group >>= 5n;
    }
    text += letters;
  }
  return text;
}
