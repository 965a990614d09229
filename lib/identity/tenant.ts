import type { TenantPolicy } from "../session/policy.ts";
import type { EpochMs } from "../time.ts";

/** The tenant of the platform's own people: the operator and the support agents. */
export const PLATFORM_TENANT_ID = "ten_00000000000000000000000000";

/** A customer of the platform. Everything it owns is out of reach of every other. */
export interface Tenant {
  readonly tenantId: string;
  readonly name: string;
  /** A suspended tenant's people are refused everything until it is active again. */
  readonly status: "active" | "suspended";
  readonly policy: TenantPolicy;
  /** Counts the changes to custom roles, so that compiled ones are known to be current. */
  readonly rolesVersion: number;
  /** Counts the changes to this row; its `ETag`. */
  readonly version: number;
  readonly createdAtMs: EpochMs;
}

/** Whether the tenant is the platform's own. */
export function isPlatform(tenantId: string): boolean {
  return tenantId === PLATFORM_TENANT_ID;
}

/** What of a tenant goes on record when it changes. */
export function recordedTenant({ name, status, policy }: Tenant) {
  return { name, status, policy };
}
