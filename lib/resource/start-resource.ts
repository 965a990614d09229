import { type Change, type ChangeDeps, changeResource } from "./change-resource.ts";
import type { Resource } from "./resource.ts";

/** Starts a machine or database that is stopped; one that runs stays as it is. @throws AppError as `changeResource` */
export async function startResource(deps: ChangeDeps, change: Omit<Change, "plan">): Promise<Resource> {
  return await changeResource(deps, {
    ...change,
    plan: () => ({ is: "operation", operation: { kind: "start" } }),
  });
}
