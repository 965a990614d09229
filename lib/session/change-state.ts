import { AppError, notFound } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { Caller } from "./caller.ts";
import { endOf, type Session } from "./session.ts";
import { ENDED_KEPT_MS, type SessionStore } from "./session-store.ts";

/** What finding the session of a value needs. */
export interface StateSessionDeps {
  readonly sessions: Pick<SessionStore, "get">;
}

/**
 * Finds the session whose state a caller reads or writes: one's own, on whichever device. What a session keeps is its
 * user's alone; no role opens it to others.
 * @throws AppError `not_found`
 */
export async function findOwnSession(
  deps: StateSessionDeps,
  caller: Caller,
  sessionId: string,
): Promise<Session> {
  const session =
    sessionId === "current" ? caller.session : await deps.sessions.get(caller.tenantId, sessionId);
  if (session === undefined || session.userId !== caller.userId || session.source === "import")
    throw notFound();
  return session;
}

/** An ended session's state can be read and resumed, not changed. @throws AppError `conflict` */
export function refuseEndedSession(session: Session, caller: Caller, nowMs: EpochMs): void {
  if (endOf(session, caller.tenant.policy, nowMs) !== undefined) {
    throw new AppError("conflict", "The session has ended: resume its state in the present one.");
  }
}

/** Until when the state of a session may be needed: 30 days after the last moment at which it can end. */
export function stateExpiry(session: Session): EpochMs {
  return session.absoluteExpiresAtMs + ENDED_KEPT_MS;
}
