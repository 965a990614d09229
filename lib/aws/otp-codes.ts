import { createHmac, randomInt, timingSafeEqual } from "node:crypto";
import type { OneTimeCodes } from "../mfa/sms-code.ts";
import type { SecretsSource } from "./secrets.ts";

/** Six-digit codes, kept as HMAC-SHA256: a million values are no work for whoever has a table but not the key. */
export function otpCodes(deps: { readonly secrets: SecretsSource }): OneTimeCodes {
  return {
    generate: () => randomInt(1_000_000).toString().padStart(6, "0"),
    async hash(context, code) {
      const [newest] = (await deps.secrets.current()).codeKeys;
      if (newest === undefined) throw new Error("There is no key for codes.");
      return authenticate(newest, context, code).toString("base64url");
    },
    async matches(context, code, hash) {
      const expected = Buffer.from(hash, "base64url");
      const { codeKeys } = await deps.secrets.current();
      return codeKeys.some((key) => timingSafeEqual(authenticate(key, context, code), expected));
    },
  };
}

function authenticate(key: Buffer, context: string, code: string): Buffer {
  return createHmac("sha256", key)
    .update(JSON.stringify([context, code]))
    .digest();
}
