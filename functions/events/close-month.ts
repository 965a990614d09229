import { handOutPorts } from "../../lib/aws/billing-ports.ts";
import { systemNow } from "../../lib/aws/clock.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { type HandOutClosesDeps, handOutCloses } from "../../lib/billing/hand-out-closes.ts";
import { type ScheduleDeps, scheduleHandler } from "../../lib/events/schedule.ts";

/**
 * Every hour, hands out the months to close, for `doBillingChores` to do one by one: past months become drafts, drafts
 * become final once the grace is over, and months that changed after that get their adjustment. By hand: `{}` does the
 * present hour's run, `{"time": "2026-12-04T00:10:00Z", "again": true}` one that has finished.
 */
export const createHandler = (deps: ScheduleDeps & HandOutClosesDeps) =>
  scheduleHandler(
    {
      name: "closeMonth",
      every: "hour",
      run: async () => {
        await handOutCloses(deps, deps.now());
      },
    },
    deps,
  );

export const handler = createHandler({
  ...handOutPorts(),
  now: systemNow,
  leases: leaseTable(),
  log: eventLog,
});
