import { type Change, type ChangeDeps, changeResource } from "./change-resource.ts";
import type { Resource } from "./resource.ts";

/** Stops a machine or database that runs; one that is stopped stays so. @throws AppError as `changeResource` */
export async function stopResource(deps: ChangeDeps, change: Omit<Change, "plan">): Promise<Resource> {
  return await changeResource(deps, {
    ...change,
    plan: () => ({ is: "operation", operation: { kind: "stop" } }),
  });
}
