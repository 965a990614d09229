import type { EpochMs } from "../time.ts";
import type { Resource } from "./resource.ts";

/** The resource with one more session that holds it; as it was where the session does already. */
export function withHolder(resource: Resource, sessionId: string, fromAtMs: EpochMs): Resource {
  if (holds(resource, sessionId)) return resource;
  return { ...resource, holders: [...resource.holders, { sessionId, fromAtMs }] };
}

/** The resource without one of the sessions that hold it; as it was where that one does not. */
export function withoutHolder(resource: Resource, sessionId: string): Resource {
  if (!holds(resource, sessionId)) return resource;
  return { ...resource, holders: resource.holders.filter((holder) => holder.sessionId !== sessionId) };
}

/** Whether a session holds the resource. */
export function holds(resource: Resource, sessionId: string): boolean {
  return resource.holders.some((holder) => holder.sessionId === sessionId);
}
