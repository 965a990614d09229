import type { Trail } from "../activity/trail.ts";
import { AppError, invalidField } from "../errors.ts";
import type { Giver, Grants } from "../identity/grants.ts";
import type { EpochMs } from "../time.ts";
import type { ApiKey, ApiKeyStore } from "./api-key.ts";

/** What making a key needs. */
export interface CreateApiKeyDeps {
  readonly apiKeys: Pick<ApiKeyStore, "add">;
  readonly grants: Pick<Grants, "rolesToGive">;
  readonly secrets: ClientSecrets;
  readonly now: () => EpochMs;
}

/** Makes the secrets of keys, and knows them again. */
export interface ClientSecrets {
  /** 256 bits of chance, and what is kept of them. */
  issue(): { readonly secret: string; readonly hash: string };
  /** Whether this is the secret of that hash; takes as long for a wrong one. */
  isRight(secret: string, hash: string): boolean;
}

/** A key to be made, and who makes it. */
export interface CreateApiKey {
  readonly by: Giver;
  readonly tenantId: string;
  readonly keyId: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly expiresAtMs: EpochMs | undefined;
}

/**
 * Makes a key with roles that its maker holds. The secret is in the answer, and nowhere else.
 * @throws AppError `request.invalid` for a role that does not exist and an end that has passed, `access.denied`,
 * `conflict`
 */
export async function createApiKey(
  deps: CreateApiKeyDeps,
  { by, tenantId, keyId, name, roles: names, expiresAtMs }: CreateApiKey,
  trail: Trail,
): Promise<{ readonly key: ApiKey; readonly secret: string }> {
  const nowMs = deps.now();
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    throw invalidField("/expiresAt", "must be in the future");
  }
  const roles = deps.grants.rolesToGive(by, { names, pointer: "/roles" });
  const { secret, hash } = deps.secrets.issue();
  const key: ApiKey = {
    ...{ tenantId, keyId, name, roles: names, createdBy: by.user.userId, createdAtMs: nowMs },
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
  };
  const outcome = await deps.apiKeys.add({ key, secretHash: hash, roles }, trail);
  if (outcome === "role_changed") throw roleChanged();
  return { key, secret };
}

/** A role that was given is not any more what it was when its giver was found to hold it. */
export function roleChanged(): AppError {
  return new AppError("conflict", "A role of this change has itself been changed meanwhile: try again.");
}
