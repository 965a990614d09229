import { onLive } from "./live.ts";
import { RESOURCE_TYPES } from "./resources.ts";

const TYPES: readonly string[] = RESOURCE_TYPES.map(([type]) => type);
const READS = /:(read|list)$/;

/** Calls back with the id of each resource that has just been changed. */
export function onResourceChange(changed: (id: string) => void): () => void {
  return onLive((message) => {
    if (message.type !== "activity") return;
    const { resource, action, outcome } = message.data;
    if (resource === undefined || outcome === "denied" || READS.test(action)) return;
    if (TYPES.includes(resource.type) && resource.id.startsWith("res_")) changed(resource.id);
  });
}
