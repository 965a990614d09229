import * as z from "zod";
import { normaliseEmail } from "../identity/user.ts";

/**
 * The name of a person, a tenant or a thing, as people write it: 1 to 128 characters in NFC, none of which controls or
 * turns round what is shown beside it, and no space at either end.
 */
export const Name = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, "must be one line of ordinary characters")
  .regex(/^\S(?:.*\S)?$/su, "must not begin or end with a space")
  .transform((name) => name.normalize("NFC"));

/** An e-mail address, brought to the one form that it is stored and found by. */
export const Email = z
  .string()
  .max(254)
  .transform((address, context) => {
    const email = normaliseEmail(address);
    if (email !== undefined) return email;
    context.issues.push({ code: "custom", message: "must be an e-mail address in ASCII", input: address });
    return z.NEVER;
  })
  .meta({ examples: ["ada@example.com"] });
