import type { Trail } from "../activity/trail.ts";
import { notFound } from "../errors.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { ApiKeyStore } from "./api-key.ts";

/** Ends all sessions that a key or a trust rule has opened. */
export type EndPrincipalSessions = (tenant: Tenant, principalId: string, trail: Trail) => Promise<void>;

/** What removing a key needs. */
export interface DeleteApiKeyDeps {
  readonly apiKeys: Pick<ApiKeyStore, "get" | "remove">;
  readonly endSessions: EndPrincipalSessions;
}

/** Which key to remove. */
export interface DeleteApiKey {
  readonly tenant: Tenant;
  readonly keyId: string;
}

/**
 * Removes a key and ends its sessions. They are dead with the key's row, before any of them has its end on record.
 * @throws AppError `not_found`
 */
export async function deleteApiKey(
  deps: DeleteApiKeyDeps,
  { tenant, keyId }: DeleteApiKey,
  trail: Trail,
): Promise<void> {
  const key = await deps.apiKeys.get(tenant.tenantId, keyId);
  const outcome = key === undefined ? "gone" : await deps.apiKeys.remove(key, trail);
  // Also where it is gone: the request that removed it may have been interrupted half way. No user has such an id.
  if (outcome !== "gone" || keyId.startsWith("key_")) await deps.endSessions(tenant, keyId, trail);
  if (outcome === "gone") throw notFound();
}
