import * as z from "zod";
import type { User } from "../../lib/identity/user.ts";
import { toRfc3339 } from "../../lib/time.ts";

/** Roles that one user can have. */
const ROLES_MAX = 20;

/** A user as the API shows it. */
export const UserDocument = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    email: z.string(),
    name: z.string(),
    roles: z.array(z.string()),
    disabled: z.boolean(),
    status: z.enum(["invited", "active"]).describe("`invited` until the first password is set."),
    factorTypes: z.array(z.enum(["totp", "sms", "passkey"])).describe("Verified second factors."),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "User" });

/** The names of a user's roles, built in or the tenant's own. */
export const RoleNames = z
  .array(z.string().min(1).max(64))
  .max(ROLES_MAX)
  .refine((names) => new Set(names).size === names.length, "must not name a role twice");

/** Shows a user. */
export function userDocument(user: User): z.output<typeof UserDocument> {
  return {
    id: user.userId,
    tenantId: user.tenantId,
    email: user.email,
    name: user.name,
    roles: [...user.roles],
    disabled: user.disabled,
    status: user.status,
    factorTypes: [...user.factorTypes],
    createdAt: toRfc3339(user.createdAtMs),
    updatedAt: toRfc3339(user.updatedAtMs),
  };
}
