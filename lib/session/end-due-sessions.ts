import { atMost } from "../at-most.ts";
import type { EpochMs } from "../time.ts";
import { type EndExpiredSessionDeps, endExpiredSession } from "./end-expired-session.ts";
import type { Session } from "./session.ts";

/** What ending whatever is due needs. */
export interface EndDueSessionsDeps extends EndExpiredSessionDeps {
  /** The active sessions of all tenants whose time was up as their rows have it, a page at a time. */
  readonly dueSessions: (nowMs: EpochMs) => AsyncIterable<readonly Session[]>;
  /** Told of a session that could not be ended: it keeps no other waiting, and the next run comes back to it. */
  readonly onError: (sessionId: string, cause: unknown) => void;
}

/** Sessions that are ended side by side. */
export const ENDED_AT_ONCE = 20;

/** Ends the sessions whose time is over and that no request has found so. Safe to repeat, also at the same time. */
export async function endDueSessions(deps: EndDueSessionsDeps): Promise<void> {
  const inTurn = atMost(ENDED_AT_ONCE);
  for await (const sessions of deps.dueSessions(deps.now())) {
    await Promise.all(
      sessions.map(async (session) => {
        try {
          await inTurn(() => endExpiredSession(deps, session));
        } catch (cause) {
          deps.onError(session.sessionId, cause);
        }
      }),
    );
  }
}
