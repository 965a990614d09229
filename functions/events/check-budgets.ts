import { handOutPorts } from "../../lib/aws/billing-ports.ts";
import { systemNow } from "../../lib/aws/clock.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { type HandOutBudgetsDeps, handOutBudgets } from "../../lib/billing/hand-out-budgets.ts";
import { type ScheduleDeps, scheduleHandler } from "../../lib/events/schedule.ts";

/**
 * Every hour after the roll-up, hands out the budgets to look at, for `doBillingChores` to do one by one. By hand: `{}`
 * does the present hour's run, `{"time": "2026-11-24T10:40:00Z", "again": true}` one that has finished.
 */
export const createHandler = (deps: ScheduleDeps & HandOutBudgetsDeps) =>
  scheduleHandler({ name: "checkBudgets", every: "hour", run: () => handOutBudgets(deps, deps.now()) }, deps);

export const handler = createHandler({
  ...handOutPorts(),
  now: systemNow,
  leases: leaseTable(),
  log: eventLog,
});
