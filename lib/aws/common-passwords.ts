import { brotliDecompressSync } from "node:zlib";
import type { CommonPasswords } from "../session/password-policy.ts";
import { COMMON_PASSWORDS_BROTLI } from "./common-passwords-data.ts";

/** Some 30,000 passwords of at least 8 characters, unpacked when the first one is asked for (about 10 ms, 3 MB). */
export function commonPasswords(): CommonPasswords {
  let unpacked: ReadonlySet<string> | undefined;
  return {
    has(password) {
      unpacked ??= unpack();
      return unpacked.has(password);
    },
  };
}

function unpack(): ReadonlySet<string> {
  const text = brotliDecompressSync(Buffer.from(COMMON_PASSWORDS_BROTLI, "base64")).toString();
  return new Set(text.split("\n"));
}
