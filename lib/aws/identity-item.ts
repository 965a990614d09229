import type { Tenant } from "../identity/tenant.ts";
import type { User } from "../identity/user.ts";
import { DEFAULT_POLICY, type FactorType, type TenantPolicy } from "../session/policy.ts";
import { document, type Item, number, text, toItem } from "./item.ts";

/** The key of a tenant's row. */
export function tenantKey(tenantId: string): Item {
  return { pk: { S: tenantId }, sk: { S: "tenant" } };
}

/** The key of a user's row. */
export function userKey(tenantId: string, userId: string): Item {
  return { pk: { S: tenantId }, sk: { S: `user#${userId}` } };
}

/** A tenant as a row. */
export function tenantItem(tenant: Tenant): Item {
  return toItem({
    pk: tenant.tenantId,
    sk: "tenant",
    tenantId: tenant.tenantId,
    name: tenant.name,
    status: tenant.status,
    policy: tenant.policy,
    rolesVersion: tenant.rolesVersion,
    version: tenant.version,
    createdAtMs: tenant.createdAtMs,
  });
}

/** Reads a tenant's row; members that the policy has gained since it was written take their default. */
export function tenantOf(item: Item): Tenant {
  return {
    tenantId: text(item, "tenantId"),
    name: text(item, "name"),
    status: text(item, "status") as Tenant["status"],
    policy: { ...DEFAULT_POLICY, ...document<TenantPolicy>(item, "policy") },
    rolesVersion: number(item, "rolesVersion"),
    version: number(item, "version"),
    createdAtMs: number(item, "createdAtMs"),
  };
}

/** A user as a row. */
export function userItem(user: User): Item {
  return toItem({
    pk: user.tenantId,
    sk: `user#${user.userId}`,
    tenantId: user.tenantId,
    userId: user.userId,
    email: user.email,
    name: user.name,
    roles: user.roles,
    disabled: user.disabled ? 1 : 0,
    status: user.status,
    factorTypes: user.factorTypes,
    version: user.version,
    createdAtMs: user.createdAtMs,
    updatedAtMs: user.updatedAtMs,
  });
}

/** Reads a user's row. */
export function userOf(item: Item): User {
  return {
    tenantId: text(item, "tenantId"),
    userId: text(item, "userId"),
    email: text(item, "email"),
    name: text(item, "name"),
    roles: document<readonly string[]>(item, "roles"),
    disabled: number(item, "disabled") === 1,
    status: text(item, "status") as User["status"],
    factorTypes: document<readonly FactorType[]>(item, "factorTypes"),
    version: number(item, "version"),
    createdAtMs: number(item, "createdAtMs"),
    updatedAtMs: number(item, "updatedAtMs"),
  };
}
