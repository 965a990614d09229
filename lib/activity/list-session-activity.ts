import { notFound } from "../errors.ts";
import type { ActivityPage, ActivityQuery } from "./activity.ts";
import { type ActivitySeeker, type ActivitySeekerDeps, THE_LOG } from "./activity-seeker.ts";

/** Which session's records, and where the list goes on. */
export interface ListSessionActivity extends Pick<ActivityQuery, "limit" | "afterId" | "throughId"> {
  /** `current` stands for the caller's. */
  readonly sessionId: string;
}

/** One page, and the id that the whole list ends on. */
export interface SessionActivityPage extends ActivityPage {
  readonly throughId?: string;
}

/**
 * Lists what happened in one session, oldest first. The list ends where it ended when its first page was read: each
 * page read is itself an action on record, and a list of one's own session would grow as it is read.
 * @throws AppError `not_found` for a missing session, another tenant's, and one that the caller may not even see;
 * `access.denied` for one whose records they may not see
 */
export async function listSessionActivity(
  deps: ActivitySeekerDeps,
  { caller, trail, mayI, authorise }: ActivitySeeker,
  { sessionId: asked, limit, afterId, throughId }: ListSessionActivity,
): Promise<SessionActivityPage> {
  const { tenantId } = caller;
  const sessionId = asked === "current" ? caller.session.sessionId : asked;
  const resource = { type: "session", id: sessionId };
  trail.about(resource);
  const session = await deps.sessions.get(tenantId, sessionId);
  const own = session?.userId === caller.userId;
  const mayListAll = mayI({ resource: THE_LOG });
  const maySeeSession =
    session !== undefined && mayI({ action: "session:read", resource, ownerId: session.userId, own });
  if (!mayListAll && !maySeeSession) throw notFound();
  authorise({ resource: THE_LOG, own, sessionIds: [sessionId] });
  const query = { tenantId, sessionId, limit, order: "oldest_first" } as const;
  const page = await deps.activity.find({
    ...query,
    ...(afterId && { afterId }),
    ...(throughId && { throughId }),
  });
  // The records of a session outlive its row.
  if (session === undefined && page.records.length === 0 && afterId === undefined) throw notFound();
  if (page.nextAfterId === undefined || throughId !== undefined)
    return { ...page, ...(throughId && { throughId }) };
  const newest = await deps.activity.find({ ...query, order: "newest_first", limit: 1 });
  return { ...page, throughId: newest.records[0]?.id ?? page.nextAfterId };
}
