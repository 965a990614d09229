import type { ResourceRef } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import { notFound } from "../errors.ts";
import type { Caller } from "./caller.ts";
import type { Session } from "./session.ts";
import type { SessionStore } from "./session-store.ts";

/** What finding a session needs. */
export interface FindSessionDeps {
  readonly sessions: Pick<SessionStore, "get">;
}

/** Who looks for it: the caller, and the means to ask whether they may. */
export interface SessionSeeker {
  readonly caller: Caller;
  readonly trail: Trail;
  mayI(asked: {
    readonly action: string;
    readonly resource: ResourceRef;
    readonly ownerId?: string;
    readonly own?: boolean;
  }): boolean;
  authorise(asked: {
    readonly resource: ResourceRef;
    readonly ownerId?: string;
    readonly own?: boolean;
  }): void;
}

/**
 * Finds a session that the caller may act on: one's own always, another's by role; a support agent the one that they
 * look at. `current` is the caller's.
 * @throws AppError `not_found` for a missing one, another tenant's, and one that the caller may not even see;
 * `access.denied` for one that they may see but not act on
 */
export async function findSession(
  deps: FindSessionDeps,
  { caller, trail, mayI, authorise }: SessionSeeker,
  sessionId: string,
): Promise<Session> {
  const session =
    sessionId === "current" ? caller.session : await deps.sessions.get(caller.tenantId, sessionId);
  const resource = { type: "session", id: session?.sessionId ?? sessionId };
  const own = session?.userId === caller.userId;
  const maySee = mayI({ action: "session:read", resource, own, ...(session && { ownerId: session.userId }) });
  if (session === undefined || !maySee) {
    trail.about({ type: "session", id: sessionId });
    throw notFound();
  }
  trail.about(resource);
  authorise({ resource, ownerId: session.userId, own });
  return session;
}
