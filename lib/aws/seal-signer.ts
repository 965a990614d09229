import { sign } from "node:crypto";
import type { Signer } from "../activity/seal.ts";
import type { SealKey } from "../activity/seal-store.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** Signs seals and exports with the key that signs tokens at this moment (ES256, RFC 7518 section 3.4). */
export async function sealSigner(
  keys: Pick<SigningKeys, "signer">,
): Promise<Signer & { readonly jwk: SealKey }> {
  const { kid, privateKey, publicJwk } = await keys.signer();
  return {
    kid,
    jwk: { ...publicJwk },
    // A token's signing input is base64url with dots, a seal's is JSON: neither passes for the other.
    sign: (bytes) => sign("sha256", bytes, { key: privateKey, dsaEncoding: "ieee-p1363" }),
  };
}
