import type { Caller } from "../session/caller.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { ActivityReader, ActivityRecord, ResourceRef } from "./activity.ts";
import type { Trail } from "./trail.ts";

/** What looking into the log needs. */
export interface ActivitySeekerDeps {
  readonly activity: ActivityReader;
  readonly sessions: Pick<SessionStore, "get">;
}

/** Who looks into the log, and the means to ask whether they may. */
export interface ActivitySeeker {
  readonly caller: Caller;
  readonly trail: Trail;
  mayI(asked: {
    readonly action?: string;
    readonly resource: ResourceRef;
    readonly ownerId?: string;
    readonly own?: boolean;
    readonly sessionIds?: readonly string[];
  }): boolean;
  authorise(asked: {
    readonly resource: ResourceRef;
    readonly own: boolean;
    /** The sessions that what is asked for happened in: all that a support agent may see. */
    readonly sessionIds?: readonly string[];
  }): void;
}

/** The log as the thing that `activity:list` is asked for. */
export const THE_LOG: ResourceRef = { type: "activity", id: "*" };

/** Whether it is one of the user's own records: what they did, and what was done in their name. */
export function isOwnRecord({ actor }: ActivityRecord, userId: string): boolean {
  return actor.id === userId || actor.onBehalfOf === userId;
}

/** Whether the session is one of the user's own, still alive or not. */
export async function isOwnSession(
  deps: Pick<ActivitySeekerDeps, "sessions">,
  caller: Caller,
  sessionId: string,
): Promise<boolean> {
  if (sessionId === caller.session.sessionId) return true;
  return (await deps.sessions.get(caller.tenantId, sessionId))?.userId === caller.userId;
}
