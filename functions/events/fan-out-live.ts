import type { Arrival } from "../../lib/activity/journal.ts";
import { arrival } from "../../lib/aws/arrivals.ts";
import { systemNow } from "../../lib/aws/clock.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { livePorts } from "../../lib/aws/live-ports.ts";
import { recentViewers } from "../../lib/aws/live-viewers.ts";
import type { StreamDeps } from "../../lib/events/batch.ts";
import { groupedStreamHandler } from "../../lib/events/grouped-batch.ts";
import { activityDocument } from "../../lib/http/activity-document.ts";
import { alertDocument } from "../../lib/http/alert-document.ts";
import { sessionDocument } from "../../lib/http/session-document.ts";
import { type FanOutDeps, fanOut } from "../../lib/live/fan-out.ts";

/** Follows the log: brings each record, and what it is about, to everybody who looks on and may see it. */
export const createHandler = (deps: StreamDeps & FanOutDeps) =>
  groupedStreamHandler<Arrival>(
    {
      name: "fanOutLive",
      read: arrival,
      groupOf: ({ record }) => record.tenantId,
      handle: (tenantId, arrivals) =>
        fanOut(
          deps,
          tenantId,
          arrivals.map(({ record }) => record),
        ),
    },
    deps,
  );

const ports = livePorts();

export const handler = createHandler({
  ...ports,
  viewers: recentViewers(ports.viewers, systemNow),
  show: {
    activity: activityDocument,
    session: (session, { sessionId, policy }) =>
      sessionDocument(session, { policy, nowMs: systemNow(), currentSessionId: sessionId }),
    alert: alertDocument,
  },
  log: eventLog,
});
