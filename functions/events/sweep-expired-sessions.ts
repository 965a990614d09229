import { systemNow } from "../../lib/aws/clock.ts";
import { dueSessions } from "../../lib/aws/due-sessions.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { sessionEnding } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { tenantTable } from "../../lib/aws/tenant-table.ts";
import { type ScheduleDeps, scheduleHandler } from "../../lib/events/schedule.ts";
import { type EndDueSessionsDeps, endDueSessions } from "../../lib/session/end-due-sessions.ts";

/** Every minute, ends the sessions whose time is over and that no request has found so. */
export const createHandler = (deps: ScheduleDeps & EndDueSessionsDeps) =>
  scheduleHandler({ name: "sweepExpiredSessions", every: "minute", run: () => endDueSessions(deps) }, deps);

export const handler = createHandler({
  ...sessionEnding(),
  sessions: sessionTable(),
  tenants: tenantTable(),
  dueSessions,
  onError: (eventId, cause) => eventLog.failed({ consumer: "sweepExpiredSessions", eventId }, cause),
  leases: leaseTable(),
  now: systemNow,
  log: eventLog,
});
