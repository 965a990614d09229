import type { TenantStore } from "./tenant-store.ts";

const PAGE = 100;

/** Goes through the ids of all tenants but the platform's own, for what the platform does for each by itself. */
export async function* everyTenantId(tenants: Pick<TenantStore, "list">): AsyncGenerator<string> {
  let afterId: string | undefined;
  do {
    const page = await tenants.list({ limit: PAGE, ...(afterId === undefined ? {} : { afterId }) });
    for (const { tenantId } of page.tenants) yield tenantId;
    afterId = page.nextAfterId;
  } while (afterId !== undefined);
}
