import type { Actor } from "../activity/activity.ts";
import type { TrailOwner } from "../activity/trail.ts";
import type { Caller, CallerRows } from "./caller.ts";

/**
 * Names the one who acts in a session: the person by the address, the pipeline by the name of its key or trust rule, or
 * the agent on behalf of the user watched.
 */
export function actorOf(caller: Pick<Caller, "session" | "user">): Actor {
  const { session, user } = caller;
  if (session.support !== undefined) {
    const { agentId, agentName } = session.support;
    return { type: "user", id: agentId, name: agentName, onBehalfOf: user.userId };
  }
  return session.kind === "workflow"
    ? { type: "key", id: user.userId, name: user.name }
    : { type: "user", id: user.userId, name: user.email };
}

/** Whose record a request of a session is on. */
export function trailOwnerOf({ session, user, tenant }: CallerRows): TrailOwner {
  return {
    tenantId: tenant.tenantId,
    actor: actorOf({ session, user }),
    sessionId: session.sessionId,
    retentionDays: tenant.policy.activityRetentionDays,
    workflow: session.workflow,
  };
}
