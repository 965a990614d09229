import type { ActivityPage, ActivityQuery } from "./activity.ts";
import { type ActivitySeeker, type ActivitySeekerDeps, isOwnSession, THE_LOG } from "./activity-seeker.ts";

/** What is asked for, of the caller's own tenant. */
export type ListActivity = Omit<ActivityQuery, "tenantId" | "order">;

/**
 * Lists the log, newest first. Without `activity:list` it is the caller's own part of it: what they did, and, where one
 * of their own sessions is asked for, all that happened in it. A support agent is told of the session that they look at.
 * @throws AppError `access.denied` for the records of another user without the permission
 */
export async function listActivity(
  deps: ActivitySeekerDeps,
  { caller, mayI, authorise }: ActivitySeeker,
  asked: ListActivity,
): Promise<ActivityPage> {
  const sessionId = asked.sessionId ?? caller.session.support?.watchedSessionId;
  const query = { ...asked, ...(sessionId === undefined ? {} : { sessionId }) };
  const isOwn =
    query.userId === caller.userId || (query.userId === undefined && !mayI({ resource: THE_LOG }));
  authorise({ resource: THE_LOG, own: isOwn, ...(sessionId && { sessionIds: [sessionId] }) });
  const isOfOwnSession =
    isOwn &&
    query.userId === undefined &&
    query.sessionId !== undefined &&
    (await isOwnSession(deps, caller, query.sessionId));
  return await deps.activity.find({
    ...query,
    ...(isOwn && !isOfOwnSession ? { userId: caller.userId } : {}),
    tenantId: caller.tenantId,
    order: "newest_first",
  });
}
