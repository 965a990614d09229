/**
 * Decodes base64url in its one canonical form: no padding, no other alphabet, no unused bits set (RFC 4648 section
 * 3.5). `undefined` for anything else, which `Buffer` alone would let pass.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}
