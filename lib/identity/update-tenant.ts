import type { Trail } from "../activity/trail.ts";
import { notFound } from "../errors.ts";
import { checkVersion, rewrite } from "./rewrite.ts";
import type { Tenant } from "./tenant.ts";
import type { TenantStore } from "./tenant-store.ts";

/** Which tenant to change, and into what. */
export interface UpdateTenant {
  readonly tenantId: string;
  readonly change: (tenant: Tenant) => Partial<Pick<Tenant, "name" | "status" | "policy">>;
  /** The version that the client has seen. */
  readonly expectedVersion: number | undefined;
}

/**
 * Changes a tenant: every request reads its row, so that the very next one is decided by it.
 * @throws AppError `not_found`, `precondition.failed`, `conflict`
 */
export async function updateTenant(
  deps: { readonly tenants: Pick<TenantStore, "get" | "change"> },
  { tenantId, change, expectedVersion }: UpdateTenant,
  trail: Trail,
): Promise<Tenant> {
  return await rewrite(async () => {
    const before = await deps.tenants.get(tenantId);
    if (before === undefined) throw notFound();
    checkVersion(before, expectedVersion);
    const after = { ...before, ...change(before), version: before.version + 1 };
    return (await deps.tenants.change(before, after, trail)) === "done" ? after : undefined;
  });
}
