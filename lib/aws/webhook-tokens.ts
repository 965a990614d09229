import jwt from "jsonwebtoken";
import type { SigningKeys } from "./signing-keys.ts";

/** Signs Security Event Tokens (RFC 8417 section 2.3) with the deployment's key: no access token has their `typ`. */
export function webhookTokens(keys: Pick<SigningKeys, "signer">): (claims: string) => Promise<string> {
  return async (claims) => {
    const { kid, privateKey } = await keys.signer();
    const header = { alg: "ES256", typ: "secevent+jwt", kid } as const;
    return jwt.sign(JSON.parse(claims) as object, privateKey, { algorithm: "ES256", header });
  };
}
