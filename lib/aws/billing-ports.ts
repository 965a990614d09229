import type { CheckBudgetDeps } from "../billing/check-budget.ts";
import type { CloseMonthDeps } from "../billing/close-month.ts";
import type { DoChoreDeps } from "../billing/do-chore.ts";
import type { HandOutBudgetsDeps } from "../billing/hand-out-budgets.ts";
import type { HandOutClosesDeps } from "../billing/hand-out-closes.ts";
import type { LineEvidenceDeps } from "../billing/line-evidence.ts";
import type { RateTenantDeps } from "../billing/rate-tenant.ts";
import type { RunBillingDeps } from "../billing/run-billing.ts";
import type { TenantPricesDeps } from "../billing/tenant-prices.ts";
import { gatherEvents } from "../usage/gather-events.ts";
import { gaugeSeries } from "../usage/level-spans.ts";
import { meterUsage } from "../usage/meter-usage.ts";
import { totalUsage } from "../usage/total-usage.ts";
import { BUILT_IN_METERS } from "../usage/usage.ts";
import { alertTable } from "./alert-table.ts";
import { billingChoreTable } from "./billing-chore-table.ts";
import { billingClosedMonths } from "./billing-closed-months.ts";
import { billingTermsTable } from "./billing-terms-table.ts";
import { budgetAlerts } from "./budget-alerts.ts";
import { budgetTable } from "./budget-table.ts";
import { cardTable } from "./card-table.ts";
import { systemNow } from "./clock.ts";
import { creditTable } from "./credit-table.ts";
import { env } from "./env.ts";
import { eventLog } from "./event-log.ts";
import { newId } from "./ids.ts";
import { invoiceTable } from "./invoice-table.ts";
import { sessionEnding } from "./platform.ts";
import { systemTrails } from "./system-trails.ts";
import { tenantTable } from "./tenant-table.ts";
import { usagePorts } from "./usage-ports.ts";

const GRACE_MS = env.invoiceGraceHours * 3_600_000;

/** What rating a tenant's usage needs. */
export function ratingPorts(): RateTenantDeps & TenantPricesDeps {
  return {
    usage: usagePorts().usage,
    builtInMeters: BUILT_IN_METERS,
    totalUsage,
    cards: cardTable(),
    terms: billingTermsTable(),
  };
}

/** What closing months needs, whether a schedule or the operator asks for it. */
export function closingPorts(): CloseMonthDeps & RunBillingDeps {
  const tenants = tenantTable();
  const trails = systemTrails(tenants, systemNow);
  return {
    ...ratingPorts(),
    tenants,
    invoices: invoiceTable(),
    credits: creditTable(),
    chores: billingChoreTable(),
    now: systemNow,
    newId,
    graceMs: GRACE_MS,
    beginTrail: ({ tenantId, action, month }) =>
      trails.begin({ tenantId, action, resource: { type: "month", id: month } }),
    onFailed: ({ tenantId, month }, cause) =>
      eventLog.failed({ consumer: "billing-run", eventId: `${tenantId} ${month}` }, cause),
  };
}

/** What looking behind a line of an invoice needs. */
export function evidencePorts(): LineEvidenceDeps {
  const { history } = usagePorts();
  return {
    ...ratingPorts(),
    ...{ invoices: invoiceTable(), history, meterUsage, gaugeSeries },
    gather: (query) => gatherEvents(history, query),
    endRecordId: sessionEnding().endRecordId,
  };
}

/** What doing the chores of billing needs. */
export function chorePorts(): DoChoreDeps & CheckBudgetDeps {
  return {
    ...closingPorts(),
    lateChanges: usagePorts().lateChanges,
    budgets: budgetTable(),
    costAlerts: budgetAlerts({ alerts: alertTable(), systemTrails: systemTrails(tenantTable(), systemNow) }),
  };
}

/** What handing the chores out needs. */
export function handOutPorts(): HandOutClosesDeps & HandOutBudgetsDeps {
  return {
    tenants: tenantTable(),
    invoices: invoiceTable(),
    lateChanges: usagePorts().lateChanges,
    closedMonths: billingClosedMonths(),
    chores: billingChoreTable(),
    budgets: budgetTable(),
    graceMs: GRACE_MS,
  };
}
