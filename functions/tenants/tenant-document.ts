import * as z from "zod";
import type { Tenant } from "../../lib/identity/tenant.ts";
import { toRfc3339 } from "../../lib/time.ts";

/** A tenant as the API shows it. */
export const TenantDocument = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.enum(["active", "suspended"]),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Tenant" });

/** Shows a tenant. */
export function tenantDocument(tenant: Tenant): z.output<typeof TenantDocument> {
  const { tenantId: id, name, status, createdAtMs } = tenant;
  return { id, name, status, createdAt: toRfc3339(createdAtMs) };
}
