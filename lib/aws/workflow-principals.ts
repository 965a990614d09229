import type { User } from "../identity/user.ts";
import type { ApiKey } from "../workflow/api-key.ts";
import { keyPrincipal, rulePrincipal } from "../workflow/principal.ts";
import type { TrustDocument, TrustRule } from "../workflow/trust.ts";
import { userKey, userOf } from "./identity-item.ts";
import { document, type Item, number, optionalNumber, present, text } from "./item.ts";

/** The key of an API key's row. */
export function apiKeyKey(tenantId: string, keyId: string): Item {
  return { pk: { S: tenantId }, sk: { S: `key#${keyId}` } };
}

/** The key of the row with all trust rules of a tenant. */
export function trustKey(tenantId: string): Item {
  return { pk: { S: tenantId }, sk: { S: "trust" } };
}

/** Reads an API key's row. */
export function apiKeyOf(item: Item): ApiKey {
  return {
    tenantId: text(item, "tenantId"),
    keyId: text(item, "keyId"),
    name: text(item, "name"),
    roles: document<readonly string[]>(item, "roles"),
    createdBy: text(item, "createdBy"),
    createdAtMs: number(item, "createdAtMs"),
    ...present("expiresAtMs", optionalNumber(item, "expiresAtMs")),
    ...present("lastUsedAtMs", optionalNumber(item, "lastUsedAtMs")),
  };
}

/** Reads the row with the trust rules of a tenant. */
export function trustOf(item: Item | undefined): TrustDocument {
  if (item === undefined) return { rules: [], version: 0 };
  return { rules: document<readonly TrustRule[]>(item, "rules"), version: number(item, "version") };
}

/** The row that says who is in a session: a user's, an API key's, or that of the trust rules. */
export function principalKey(tenantId: string, principalId: string): Item {
  if (principalId.startsWith("key_")) return apiKeyKey(tenantId, principalId);
  return principalId.startsWith("rul_") ? trustKey(tenantId) : userKey(tenantId, principalId);
}

/** Reads that row; `undefined` for a trust rule that is not there any more. */
export function principalOf(item: Item, principalId: string): User | undefined {
  const sortKey = text(item, "sk");
  if (sortKey.startsWith("key#")) return keyPrincipal(apiKeyOf(item));
  if (sortKey !== "trust") return userOf(item);
  const rule = trustOf(item).rules.find(({ ruleId }) => ruleId === principalId);
  return rule === undefined ? undefined : rulePrincipal(text(item, "pk"), rule);
}
