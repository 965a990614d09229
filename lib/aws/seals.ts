import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SealPurpose, Seals } from "../session/token.ts";
import type { EpochMs } from "../time.ts";
import { decodeBase64url } from "./base64url.ts";

/** What sealing needs. */
export interface SealsDeps {
  /** 256-bit keys, newest first: the first seals, all of them open. */
  readonly keys: () => Promise<readonly Buffer[]>;
  readonly now: () => EpochMs;
  /** 12 bytes, never the same twice for a key. */
  readonly randomNonce?: () => Buffer;
}

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What a client carries is short; an answer kept for it lies in our own table, where an item has 400 KB. */
const sealedLengthMax = (purpose: SealPurpose): number => (purpose === "kept-answer" ? 400_000 : 16_384);

/** Sealed values: base64url of nonce, AES-256-GCM ciphertext and tag, bound to purpose and context. */
export function seals(deps: SealsDeps): Seals {
  const randomNonce = deps.randomNonce ?? (() => randomBytes(NONCE_BYTES));

  return {
    async seal(purpose, payload, options = {}) {
      const [newest] = await deps.keys();
      if (newest === undefined) throw new Error("There is no key to seal with.");
      const nonce = randomNonce();
      const cipher = createCipheriv(CIPHER, newest, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(boundTo(purpose, options.context));
      const text = JSON.stringify([options.expiresAtMs ?? null, payload]);
      const sealed = [nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(sealed).toString("base64url");
    },
    async open(purpose, sealed, options = {}) {
      const bytes = sealed.length > sealedLengthMax(purpose) ? undefined : decodeBase64url(sealed);
      if (bytes === undefined || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const aad = boundTo(purpose, options.context);
      for (const key of await deps.keys()) {
        const text = decrypt(key, bytes, aad);
        if (text !== undefined) return unexpired(text, deps.now());
      }
      return undefined;
    },
  };
}

// JSON keeps the two apart: no purpose and context run together into another pair.
function boundTo(purpose: SealPurpose, context: string | undefined): Buffer {
  return Buffer.from(JSON.stringify([purpose, context ?? null]));
}

function decrypt(key: Buffer, bytes: Buffer, aad: Buffer): string | undefined {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(aad);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString();
  } catch {
    // The one failure there is: the tag does not match, so that this key did not seal this value.
    return undefined;
  }
}

function unexpired(text: string, nowMs: EpochMs): unknown {
  const [expiresAtMs, payload]: unknown[] = JSON.parse(text);
  return typeof expiresAtMs === "number" && nowMs >= expiresAtMs ? undefined : payload;
}
