import type { ActivityRecord } from "../../lib/activity/activity.ts";
import type { Arrival } from "../../lib/activity/journal.ts";
import { stripSecrets } from "../../lib/activity/strip-secrets.ts";
import { arrival } from "../../lib/aws/arrivals.ts";
import { systemNow } from "../../lib/aws/clock.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { livePorts } from "../../lib/aws/live-ports.ts";
import { recentViewers } from "../../lib/aws/live-viewers.ts";
import { publishCounts } from "../../lib/aws/service-metrics.ts";
import type { StreamDeps, StreamHandler } from "../../lib/events/batch.ts";
import { groupedStreamHandler } from "../../lib/events/grouped-batch.ts";
import { activityDocument } from "../../lib/http/activity-document.ts";
import { alertDocument } from "../../lib/http/alert-document.ts";
import { sessionDocument } from "../../lib/http/session-document.ts";
import { guidanceDocument } from "../../lib/http/support-document.ts";
import { type FanOutDeps, fanOut } from "../../lib/live/fan-out.ts";
import type { Viewer } from "../../lib/live/viewer.ts";

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
const counts = { FeedMessages: 0, FeedsDropped: 0 };

const follow = createHandler({
  ...ports,
  gateway: {
    ...ports.gateway,
    send: async (connectionId, text) => {
      const outcome = await ports.gateway.send(connectionId, text);
      counts[outcome === "sent" ? "FeedMessages" : "FeedsDropped"] += 1;
      return outcome;
    },
  },
  viewers: recentViewers(ports.viewers, systemNow),
  show: {
    activity: shownRecord,
    session: (session, { sessionId, policy }) =>
      sessionDocument(session, { policy, nowMs: systemNow(), currentSessionId: sessionId }),
    alert: alertDocument,
    guidance: guidanceDocument,
  },
  log: eventLog,
});

/** A support agent is shown no secrets here either. */
function shownRecord(record: ActivityRecord, { watching }: Pick<Viewer, "watching">): object {
  const document = activityDocument(record);
  return watching === undefined ? document : stripSecrets(document);
}

/** The handler, which says at its end what it has sent. */
export const handler: StreamHandler = async (event) => {
  const answer = await follow(event);
  if (counts.FeedMessages + counts.FeedsDropped > 0) publishCounts({ ...counts });
  Object.assign(counts, { FeedMessages: 0, FeedsDropped: 0 });
  return answer;
};
