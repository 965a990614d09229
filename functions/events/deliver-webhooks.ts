import type { Context, DynamoDBStreamEvent } from "aws-lambda";
import type { ActivityRecord } from "../../lib/activity/activity.ts";
import { addedRecord } from "../../lib/aws/activity-change.ts";
import { systemNow } from "../../lib/aws/clock.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { announcePorts } from "../../lib/aws/webhook-ports.ts";
import type { StreamDeps } from "../../lib/events/batch.ts";
import { groupedStreamHandler } from "../../lib/events/grouped-batch.ts";
import { type ScheduleDeps, type ScheduleEvent, scheduleHandler } from "../../lib/events/schedule.ts";
import { alertDocument } from "../../lib/http/alert-document.ts";
import { sessionDocument } from "../../lib/http/session-document.ts";
import { type AnnounceDeps, announce } from "../../lib/webhook/announce.ts";
import { type RetryDeliveriesDeps, retryDeliveries } from "../../lib/webhook/retry-deliveries.ts";

type Deps = StreamDeps & ScheduleDeps & AnnounceDeps & RetryDeliveriesDeps;

/** Follows the log: endpoints are told of what happens. Every minute, what failed is tried again. */
export const createHandler =
  (ports: Omit<Deps, "remainingMs">) =>
  async (event: DynamoDBStreamEvent | ScheduleEvent, context: Pick<Context, "getRemainingTimeInMillis">) => {
    const deps = { ...ports, remainingMs: () => context.getRemainingTimeInMillis() };
    return "Records" in event ? await follower(deps)(event) : await retrier(deps)(event);
  };

const follower = (deps: Deps) =>
  groupedStreamHandler<ActivityRecord>(
    {
      name: "deliverWebhooks",
      read: addedRecord,
      groupOf: ({ tenantId }) => tenantId,
      handle: (tenantId, records) => announce(deps, tenantId, records),
    },
    deps,
  );

const retrier = (deps: Deps) =>
  scheduleHandler({ name: "deliverWebhooks", every: "minute", run: () => retryDeliveries(deps) }, deps);

export const handler = createHandler({
  ...announcePorts(),
  show: {
    session: (session, policy) => {
      // Nobody's own: there is no caller.
      const { current: _current, ...shown } = sessionDocument(session, {
        policy,
        nowMs: systemNow(),
        currentSessionId: undefined,
      });
      return shown;
    },
    alert: alertDocument,
  },
  leases: leaseTable(),
  log: eventLog,
});
