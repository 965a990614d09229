import * as z from "zod";
import { type Factor, maskPhone } from "../mfa/factor.ts";
import { toRfc3339 } from "../time.ts";

/** The kinds of second factor. */
export const FactorType = z.enum(["totp", "sms", "passkey"]);

/** A factor as its owner sees it. */
export const FactorDocument = z
  .object({
    id: z.string(),
    type: FactorType,
    label: z.string(),
    /** Its last two digits. */
    phone: z.string().optional(),
    verified: z.boolean(),
    createdAt: z.iso.datetime(),
    verifiedAt: z.iso.datetime().optional(),
  })
  .meta({ id: "Factor" });

/** Shows a factor: no secret, no key, and of a number as much as its owner knows it by. */
export function factorDocument(factor: Factor): z.output<typeof FactorDocument> {
  const { factorId, type, label, createdAtMs, verifiedAtMs } = factor;
  return {
    id: factorId,
    type,
    label,
    ...(factor.type === "sms" ? { phone: maskPhone(factor.phone) } : {}),
    verified: verifiedAtMs !== undefined,
    createdAt: toRfc3339(createdAtMs),
    ...(verifiedAtMs === undefined ? {} : { verifiedAt: toRfc3339(verifiedAtMs) }),
  };
}
