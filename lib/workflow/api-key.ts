import type { Role } from "../access/statement.ts";
import type { Trail } from "../activity/trail.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { EpochMs } from "../time.ts";

/** What a program signs in with by itself. Its secret is not part of it: nobody can read that again. */
export interface ApiKey {
  readonly tenantId: string;
  /** `key_…`, which is also the `client_id`. */
  readonly keyId: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** The user who made it. */
  readonly createdBy: string;
  readonly createdAtMs: EpochMs;
  /** From this instant on the key is good for nothing, and neither is any session that it opened. */
  readonly expiresAtMs?: EpochMs;
  /** When a token was last asked for with it. */
  readonly lastUsedAtMs?: EpochMs;
}

/** A key to be made. */
export interface NewApiKey {
  readonly key: ApiKey;
  /** SHA-256 of the secret: with 256 bits of chance in it, there is nothing to guess and nothing to slow down. */
  readonly secretHash: string;
  /** The roles given, as they were when it was decided that they may be given. */
  readonly roles: readonly Role[];
}

/** A key as it is when somebody signs in with it. */
export interface KeyAtSignIn {
  readonly key: ApiKey;
  readonly secretHash: string;
  readonly tenant: Tenant;
}

/** One page of keys, newest first, with the id to go on from. */
export interface ApiKeyPage {
  readonly keys: readonly ApiKey[];
  readonly nextAfterId?: string;
}

/** Which keys to list. */
export interface ApiKeyListQuery {
  readonly tenantId: string;
  /** 1 to 200. */
  readonly limit: number;
  readonly afterId: string | undefined;
}

/** The keys of every tenant. Who holds a role is counted in the transaction that makes or removes a key. */
export interface ApiKeyStore {
  /** Made again with the same id, after a lost answer, it is the same key with another secret. */
  add(made: NewApiKey, trail: Trail): Promise<"done" | "role_changed">;
  get(tenantId: string, keyId: string): Promise<ApiKey | undefined>;
  list(query: ApiKeyListQuery): Promise<ApiKeyPage>;
  /** `gone` where somebody else removed it first. */
  remove(key: ApiKey, trail: Trail): Promise<"done" | "gone">;
  /** Finds a key by its id alone, with its tenant. */
  findForSignIn(keyId: string): Promise<KeyAtSignIn | undefined>;
  /** Notes that the key was used; a use before the last one noted changes nothing. */
  markUsed(key: ApiKey, atMs: EpochMs): Promise<void>;
}

/** What of a key goes on record when it is made or removed. */
export function recordedKey({ name, roles, expiresAtMs }: ApiKey) {
  return { name, roles, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) };
}
