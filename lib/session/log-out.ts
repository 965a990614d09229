import type { Trail } from "../activity/trail.ts";
import { sessionEnded } from "./authenticate-caller.ts";
import { type EndSessionDeps, endedBy, endSession } from "./end-session.ts";
import type { Session } from "./session.ts";

/** Ends the caller's own session. @throws AppError `session.ended` when something else was quicker */
export async function logOut(deps: EndSessionDeps, session: Session, trail: Trail): Promise<void> {
  trail.about({ type: "session", id: session.sessionId });
  const end = { reason: "logged_out", atMs: deps.now() } as const;
  const ended = await endSession(deps, { session, end, by: endedBy(trail), trail });
  if (!ended) throw sessionEnded("logged_out");
}
