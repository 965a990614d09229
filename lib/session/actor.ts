import type { Actor } from "../activity/activity.ts";
import type { Caller } from "./caller.ts";

/** Names the one who acts in a session: the person, the pipeline's key, or the agent on behalf of the user watched. */
export function actorOf(caller: Pick<Caller, "session" | "user">): Actor {
  const { session, user } = caller;
  if (session.support !== undefined) {
    const { agentId, agentName } = session.support;
    return { type: "user", id: agentId, name: agentName, onBehalfOf: user.userId };
  }
  return {
    type: session.kind === "workflow" ? "key" : "user",
    id: user.userId,
    name: user.email,
  };
}
