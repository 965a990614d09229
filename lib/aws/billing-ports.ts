import type { CloseMonthDeps } from "../billing/close-month.ts";
import type { RateTenantDeps } from "../billing/rate-tenant.ts";
import { totalUsage } from "../usage/total-usage.ts";
import { BUILT_IN_METERS } from "../usage/usage.ts";
import { cardTable } from "./card-table.ts";
import { systemNow } from "./clock.ts";
import { env } from "./env.ts";
import { newId } from "./ids.ts";
import { invoiceTable } from "./invoice-table.ts";
import { systemTrails } from "./system-trails.ts";
import { tenantTable } from "./tenant-table.ts";
import { usagePorts } from "./usage-ports.ts";

/** What rating a tenant's usage needs. */
export function ratingPorts(): RateTenantDeps & Pick<CloseMonthDeps, "cards"> {
  return { usage: usagePorts().usage, builtInMeters: BUILT_IN_METERS, totalUsage, cards: cardTable() };
}

/** What closing months needs, whether a schedule or the operator asks for it. */
export function closingPorts() {
  const tenants = tenantTable();
  const trails = systemTrails(tenants, systemNow);
  return {
    ...ratingPorts(),
    tenants,
    invoices: invoiceTable(),
    lateChanges: usagePorts().lateChanges,
    now: systemNow,
    newId,
    graceMs: env.invoiceGraceHours * 3_600_000,
    beginTrail: ({ tenantId, action, month }: { tenantId: string; action: string; month: string }) =>
      trails.begin({ tenantId, action, resource: { type: "month", id: month } }),
  };
}
