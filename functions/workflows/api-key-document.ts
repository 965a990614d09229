import * as z from "zod";
import { toRfc3339 } from "../../lib/time.ts";
import type { ApiKey } from "../../lib/workflow/api-key.ts";

/** Roles that one key or trust rule can have. */
const ROLES_MAX = 20;

/** The names of roles, built in or the tenant's own: at least one, as without any a token is good for nothing. */
export const RoleNames = z
  .array(z.string().min(1).max(64))
  .min(1)
  .max(ROLES_MAX)
  .refine((names) => new Set(names).size === names.length, "must not name a role twice");

/** An API key as the API shows it. */
export const ApiKeyDocument = z
  .object({
    id: z.string().describe("Also its `client_id`."),
    name: z.string(),
    roles: z.array(z.string()),
    createdBy: z.string().describe("The user who made it."),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
    lastUsedAt: z.iso.datetime().optional().describe("When a token was last asked for with it."),
  })
  .meta({ id: "ApiKey" });

/** Shows a key; its secret is not part of it. */
export function apiKeyDocument(key: ApiKey): z.output<typeof ApiKeyDocument> {
  return {
    id: key.keyId,
    name: key.name,
    roles: [...key.roles],
    createdBy: key.createdBy,
    createdAt: toRfc3339(key.createdAtMs),
    ...(key.expiresAtMs === undefined ? {} : { expiresAt: toRfc3339(key.expiresAtMs) }),
    ...(key.lastUsedAtMs === undefined ? {} : { lastUsedAt: toRfc3339(key.lastUsedAtMs) }),
  };
}
