import * as z from "zod";
import type { SealKey } from "../activity/seal-store.ts";

/** A seal as it was signed (contract section 5): not a member more, or its signature would not hold. */
export const SealDocument = z
  .object({
    id: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    treeSize: z.int(),
    rootHash: z.string().describe("SHA-256, hex, of the tree over the records' leaves (RFC 6962)"),
    previousSealHash: z
      .string()
      .nullable()
      .describe("SHA-256, hex, of the seal before as RFC 8785 JSON, its signature included"),
    kid: z.string(),
    signature: z.string().describe("ES256, base64url, over the seal without this member as RFC 8785 JSON"),
  })
  .meta({ id: "Seal" });

/** The public key of a seal, which may have retired since. */
export const SealKeyDocument = z
  .object({
    kty: z.literal("EC"),
    crv: z.literal("P-256"),
    x: z.string(),
    y: z.string(),
    kid: z.string(),
    alg: z.literal("ES256"),
    use: z.literal("sig"),
  })
  .meta({ id: "SealKey" });

/** Each key once. */
export function distinctKeys(keys: readonly SealKey[]): readonly SealKey[] {
  return [...new Map(keys.map((key) => [key["kid"], key])).values()];
}
