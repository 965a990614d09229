import type { ResourceRef } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import { notFound } from "../errors.ts";
import type { Caller } from "../session/caller.ts";
import type { Session } from "../session/session.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { WorkflowRunStore } from "./workflow-run.ts";

/** What finding a run needs. */
export interface FindRunDeps {
  readonly runs: Pick<WorkflowRunStore, "find">;
  readonly sessions: Pick<SessionStore, "getMany">;
}

/** Who looks for it: the caller, and the means to ask whether they may. */
export interface RunSeeker {
  readonly caller: Caller;
  readonly trail: Trail;
  mayI(asked: { readonly action: string; readonly resource: ResourceRef }): boolean;
  authorise(asked: { readonly resource: ResourceRef; readonly own?: boolean }): void;
}

/** A run with its sessions, oldest first. */
export interface FoundRun {
  readonly runId: string;
  readonly sessions: readonly Session[];
  /** Whether it is the caller's: their key or rule took part in it. */
  readonly isOwn: boolean;
}

/**
 * Finds a run that the caller may act on: one's own always, another's by role.
 * @throws AppError `not_found` for a missing one, another tenant's, one of which no session is on record any more, and
 * one that the caller may not even see; `access.denied` for one that they may see but not act on
 */
export async function findRun(
  deps: FindRunDeps,
  { caller, trail, mayI, authorise }: RunSeeker,
  runId: string,
): Promise<FoundRun> {
  const { tenantId } = caller;
  const resource = { type: "workflow", id: runId };
  trail.about(resource);
  const { sessionIds } = await deps.runs.find({ tenantId, runId });
  const found = await deps.sessions.getMany(tenantId, sessionIds);
  const sessions = found.toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1));
  const isOwn = sessions.some(({ userId }) => userId === caller.userId);
  const maySee = isOwn || mayI({ action: "workflow:read", resource });
  if (sessions.length === 0 || !maySee) throw notFound();
  authorise({ resource, own: isOwn });
  return { runId, sessions, isOwn };
}
