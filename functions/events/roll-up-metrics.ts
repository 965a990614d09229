import { type RollUpMetricsDeps, rollUpMetrics } from "../../lib/activity/roll-up-metrics.ts";
import type { SealBacklog } from "../../lib/activity/seal-store.ts";
import { activityMetricsTable } from "../../lib/aws/activity-metrics-table.ts";
import { systemNow } from "../../lib/aws/clock.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { journalTable } from "../../lib/aws/journal-table.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { type ScheduleDeps, scheduleHandler } from "../../lib/events/schedule.ts";

interface RollUpAllDeps extends ScheduleDeps, RollUpMetricsDeps {
  readonly backlog: Pick<SealBacklog, "backlog">;
}

/** Every minute, adds to the metrics what has come into the log, in every tenant that has something new. */
export const createHandler = (deps: RollUpAllDeps) =>
  scheduleHandler({ name: "rollUpMetrics", every: "minute", run: () => rollUpAll(deps) }, deps);

async function rollUpAll(deps: RollUpAllDeps): Promise<void> {
  for await (const { tenantId } of deps.backlog.backlog()) {
    try {
      await rollUpMetrics(deps, tenantId);
    } catch (cause) {
      // One tenant's metrics keep no other's waiting; the next run comes back to them.
      deps.log.failed({ consumer: "rollUpMetrics", eventId: tenantId }, cause);
    }
  }
}

const journal = journalTable();

export const handler = createHandler({
  journal,
  positions: journal,
  backlog: journal,
  metrics: activityMetricsTable(),
  leases: leaseTable(),
  now: systemNow,
  log: eventLog,
});
