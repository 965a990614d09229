import { closingPorts } from "../../lib/aws/billing-ports.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { type CloseMonthsDeps, closeMonths } from "../../lib/billing/close-months.ts";
import { type ScheduleDeps, scheduleHandler } from "../../lib/events/schedule.ts";

/**
 * Every hour: past months become drafts, drafts become final once the grace is over, and months that changed after that
 * get their adjustment. By hand: `{}` does the present hour's run, `{"time": "2026-12-04T00:10:00Z", "again": true}`
 * one that has finished.
 */
export const createHandler = (deps: ScheduleDeps & CloseMonthsDeps) =>
  scheduleHandler(
    {
      name: "closeMonth",
      every: "hour",
      run: async () => {
        const { closed, failed } = await closeMonths(deps, deps.now());
        // The others are done: what comes again is the failed ones.
        if (failed > 0) throw new Error(`${failed} of ${closed + failed} months could not be closed.`);
      },
    },
    deps,
  );

export const handler = createHandler({
  ...closingPorts(),
  leases: leaseTable(),
  log: eventLog,
  onFailed: ({ tenantId, month }, cause) =>
    eventLog.failed({ consumer: "close-month", eventId: `${tenantId} ${month}` }, cause),
});
