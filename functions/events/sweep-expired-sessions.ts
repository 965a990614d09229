import { systemNow } from "../../lib/aws/clock.ts";
import { dueSessions } from "../../lib/aws/due-sessions.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { sessionEnding } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { tenantTable } from "../../lib/aws/tenant-table.ts";
import { type ScheduleDeps, scheduleHandler } from "../../lib/events/schedule.ts";
import { type EndExpiredSessionDeps, endExpiredSession } from "../../lib/session/end-expired-session.ts";
import type { Session } from "../../lib/session/session.ts";
import type { EpochMs } from "../../lib/time.ts";

interface SweepDeps extends ScheduleDeps, EndExpiredSessionDeps {
  readonly dueSessions: (nowMs: EpochMs) => AsyncIterable<readonly Session[]>;
}

/** Every minute, ends the sessions whose time is over and that no request has found so. */
export const createHandler = (deps: SweepDeps) =>
  scheduleHandler({ name: "sweepExpiredSessions", every: "minute", run: () => sweep(deps) }, deps);

async function sweep(deps: SweepDeps): Promise<void> {
  for await (const sessions of deps.dueSessions(deps.now())) {
    for (const session of sessions) {
      try {
        await endExpiredSession(deps, session);
      } catch (cause) {
        // One that cannot be ended keeps no other waiting; the next run comes back to it.
        deps.log.failed({ consumer: "sweepExpiredSessions", eventId: session.sessionId }, cause);
      }
    }
  }
}

export const handler = createHandler({
  ...sessionEnding(),
  sessions: sessionTable(),
  tenants: tenantTable(),
  dueSessions,
  leases: leaseTable(),
  now: systemNow,
  log: eventLog,
});
