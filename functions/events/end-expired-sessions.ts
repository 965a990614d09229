import { eventLog } from "../../lib/aws/event-log.ts";
import { sessionEnding } from "../../lib/aws/platform.ts";
import { removedSession } from "../../lib/aws/session-change.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { tenantTable } from "../../lib/aws/tenant-table.ts";
import { type StreamDeps, streamHandler } from "../../lib/events/batch.ts";
import { type EndExpiredSessionDeps, endRemovedSession } from "../../lib/session/end-expired-session.ts";

/** Follows the sessions table: what its expiry removes although nobody had ended it, comes back as it ended. */
export const createHandler = (deps: StreamDeps & EndExpiredSessionDeps) =>
  streamHandler(
    {
      name: "endExpiredSessions",
      read: removedSession,
      handle: async (session) => {
        await endRemovedSession(deps, session);
      },
    },
    deps,
  );

export const handler = createHandler({
  ...sessionEnding(),
  sessions: sessionTable(),
  tenants: tenantTable(),
  log: eventLog,
});
