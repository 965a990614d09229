import type { Trail } from "../activity/trail.ts";
import type { Tenant } from "./tenant.ts";

/** One page of tenants, newest first, with the id to go on from. */
export interface TenantPage {
  readonly tenants: readonly Tenant[];
  readonly nextAfterId?: string;
}

/** Which tenants to list. */
export interface TenantListQuery {
  /** 1 to 200. */
  readonly limit: number;
  readonly afterId?: string | undefined;
}

/** The tenants of the deployment. The platform's own is found by its id and is on no list: it is no customer. */
export interface TenantStore {
  get(tenantId: string): Promise<Tenant | undefined>;
  list(query: TenantListQuery): Promise<TenantPage>;
  /** Changes name, status and policy; `moved` where somebody else changed the tenant since `before` was read. */
  change(before: Tenant, after: Tenant, trail: Trail): Promise<"done" | "moved">;
}
