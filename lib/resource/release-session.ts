import { AppError } from "../errors.ts";
import type { ChangeDeps } from "./change-resource.ts";
import { holds, withoutHolder } from "./holders.ts";
import type { EndedSession } from "./liveness.ts";
import { type Resource, refOf } from "./resource.ts";
import { stopResource } from "./stop-resource.ts";

/** Finds what a session holds now, by an index that may lag a little. */
export interface HoldingIndex {
  heldBy(tenantId: string, sessionId: string): Promise<readonly string[]>;
}

/** What letting an ended session go of its resources needs. */
export interface ReleaseSessionDeps extends ChangeDeps {
  readonly holdings: HoldingIndex;
}

/**
 * Lets an ended session go of everything it held, as of its logical end. Where the tenant wants it, what runs and is
 * held by no other live session is stopped first, on record under the session that ended. Safe to repeat.
 */
export async function releaseSession(deps: ReleaseSessionDeps, ended: EndedSession): Promise<void> {
  for (const resourceId of await deps.holdings.heldBy(ended.tenantId, ended.sessionId)) {
    const resource = await deps.resources.get(ended.tenantId, resourceId);
    if (resource !== undefined) await releaseResource(deps, resource, ended);
  }
}

/** As `releaseSession`, for one resource that the session held. */
export async function releaseResource(
  deps: ChangeDeps,
  resource: Resource,
  ended: EndedSession,
): Promise<void> {
  const { tenantId, resourceId } = resource;
  if (!holds(resource, ended.sessionId)) return;
  if (ended.onSessionEnd === "stop" && (await isLeftAlone(deps, resource, ended)))
    await stop(deps, resource, ended);
  for (let current: Resource | undefined = await deps.resources.get(tenantId, resourceId); current; ) {
    if (!holds(current, ended.sessionId)) return;
    const after = { ...withoutHolder(current, ended.sessionId), version: current.version + 1 };
    const outcome = await deps.resources.save(
      { before: current, after, atMs: ended.endedAtMs, readings: [] },
      {},
    );
    if (outcome === "saved") return;
    current = await deps.resources.get(tenantId, resourceId);
  }
}

async function isLeftAlone(deps: ChangeDeps, resource: Resource, ended: EndedSession): Promise<boolean> {
  const { type } = resource.blueprint;
  if (resource.state !== "running" || (type !== "vm" && type !== "database")) return false;
  const others = resource.holders.map(({ sessionId }) => sessionId).filter((id) => id !== ended.sessionId);
  return others.length === 0 || (await deps.liveness.aliveOf(resource.tenantId, others)).size === 0;
}

async function stop(deps: ChangeDeps, resource: Resource, ended: EndedSession): Promise<void> {
  const trail = await deps.systemTrails.begin({
    tenantId: resource.tenantId,
    action: `${resource.blueprint.type}:stop`,
    resource: refOf(resource),
    by: ended.origin,
  });
  trail.note({ reason: "session_ended" });
  const { tenantId, resourceId } = resource;
  try {
    await stopResource(deps, { tenantId, resourceId, origin: ended.origin, trail, permit: () => undefined });
  } catch (thrown) {
    // It was stopped, deleted or taken over meanwhile: then it is not this session's any more.
    if (!(thrown instanceof AppError) || thrown.code !== "conflict") throw thrown;
  }
}
