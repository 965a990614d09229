import { notFound } from "../errors.ts";
import type { ActivityRecord } from "./activity.ts";
import {
  type ActivitySeeker,
  type ActivitySeekerDeps,
  isOwnRecord,
  isOwnSession,
} from "./activity-seeker.ts";

/**
 * Reads one record: one's own and those of one's own sessions always, another's with `activity:list`.
 * @throws AppError `not_found` for a missing one, another tenant's, and one that the caller may not see
 */
export async function readActivity(
  deps: ActivitySeekerDeps,
  { caller, trail, mayI, authorise }: ActivitySeeker,
  id: string,
): Promise<ActivityRecord> {
  const resource = { type: "activity", id };
  trail.about(resource);
  const record = await deps.activity.get(caller.tenantId, id);
  if (record === undefined) throw notFound();
  const isOwn =
    isOwnRecord(record, caller.userId) ||
    (record.sessionId !== undefined && (await isOwnSession(deps, caller, record.sessionId)));
  const asked = { resource, own: isOwn, ...(record.sessionId && { sessionIds: [record.sessionId] }) };
  if (!mayI(asked)) throw notFound();
  authorise(asked);
  return record;
}
