import type { Resource } from "./resource.ts";

/** A resource that another one uses. An exclusive use lets nobody else use it. */
export interface Use {
  readonly resourceId: string;
  readonly isExclusive: boolean;
}

/**
 * What a resource uses, also by what is under way: a volume counts from when its attaching began until its detaching
 * is done, a target from when it is asked for until it is let go. The store keeps `usedBy` of the other side in step.
 */
export function usesOf(resource: Resource): readonly Use[] {
  if (resource.state === "deleted") return [];
  const volumes = new Set(resource.volumeIds);
  const targets = new Set(targetsOf(resource));
  const operation = resource.pending?.operation;
  if (operation?.kind === "attach_volume") volumes.add(operation.volumeId);
  if (operation?.kind === "resize" && operation.to.type === "load_balancer") {
    for (const target of operation.to.spec.targets) targets.add(target);
  }
  return [
    ...Array.from(volumes, (resourceId) => ({ resourceId, isExclusive: true })),
    ...Array.from(targets, (resourceId) => ({ resourceId, isExclusive: false })),
  ];
}

/** What has to go or let go before the resource can be deleted: its volumes, and what uses it. */
export function dependentIds(resource: Resource): readonly string[] {
  return [...new Set([...resource.volumeIds, ...resource.usedBy])];
}

/** The targets of a load balancer; nothing for the others. */
export function targetsOf({ blueprint }: Resource): readonly string[] {
  return blueprint.type === "load_balancer" ? blueprint.spec.targets : [];
}
