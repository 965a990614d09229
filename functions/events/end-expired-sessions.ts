import { eventLog } from "../../lib/aws/event-log.ts";
import { sessionEnding } from "../../lib/aws/platform.ts";
import { endedSession, removedSession } from "../../lib/aws/session-change.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { followEndsPorts } from "../../lib/aws/support-ports.ts";
import { tenantTable } from "../../lib/aws/tenant-table.ts";
import { type StreamDeps, streamHandler } from "../../lib/events/batch.ts";
import { type EndExpiredSessionDeps, endRemovedSession } from "../../lib/session/end-expired-session.ts";
import type { Session } from "../../lib/session/session.ts";
import { type FollowEndsDeps, followEnd } from "../../lib/support/follow-ends.ts";

interface SessionGone {
  readonly session: Session;
  readonly is: "removed" | "ended";
}

/**
 * Follows the sessions table: what its expiry removes although nobody had ended it, comes back as it ended; and what
 * looks at a session ends with it.
 */
export const createHandler = (
  deps: StreamDeps & EndExpiredSessionDeps & { readonly support: FollowEndsDeps },
) =>
  streamHandler<SessionGone>(
    {
      name: "endExpiredSessions",
      read: (record) => {
        const removed = removedSession(record);
        const session = removed ?? endedSession(record);
        return session && { session, is: removed === undefined ? "ended" : "removed" };
      },
      handle: async ({ session, is }) => {
        if (is === "removed") await endRemovedSession(deps, session);
        else await followEnd(deps.support, session);
      },
    },
    deps,
  );

export const handler = createHandler({
  ...sessionEnding(),
  sessions: sessionTable(),
  tenants: tenantTable(),
  support: followEndsPorts(),
  log: eventLog,
});
