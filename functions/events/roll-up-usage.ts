import { eventLog } from "../../lib/aws/event-log.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { usagePorts } from "../../lib/aws/usage-ports.ts";
import { type ScheduleDeps, scheduleHandler } from "../../lib/events/schedule.ts";
import { type RollUpUsageDeps, rollUpUsage } from "../../lib/usage/roll-up-usage.ts";

/**
 * Every hour, rolls up what has been used, and what has changed of earlier hours. By hand: `{}` does the present hour's
 * run, `{"time": "2026-11-24T10:00:00Z", "again": true}` does one again that has finished.
 */
export const createHandler = (deps: ScheduleDeps & RollUpUsageDeps) =>
  scheduleHandler({ name: "rollUpUsage", every: "hour", run: () => rollUp(deps) }, deps);

async function rollUp(deps: RollUpUsageDeps): Promise<void> {
  const { open, failed } = await rollUpUsage(deps);
  // The others are done: what comes again is the failed ones.
  if (failed > 0) throw new Error(`${failed} of ${open} series could not be rolled up.`);
}

export const handler = createHandler({ ...usagePorts(), leases: leaseTable(), log: eventLog });
