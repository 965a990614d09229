import { notFound } from "../errors.ts";
import { type Change, type ChangeDeps, changeResource } from "./change-resource.ts";
import type { Resource } from "./resource.ts";
import { checkScalable } from "./set-scaling.ts";
import { withoutScaling } from "./transitions.ts";

/** Takes a group's scaling policy away: it stays at the size it has. @throws AppError `not_found` where there is none */
export async function removeScaling(deps: ChangeDeps, input: Omit<Change, "plan">): Promise<Resource> {
  return await changeResource(deps, {
    ...input,
    plan: (resource) => {
      checkScalable(resource);
      if (resource.scaling === undefined) throw notFound();
      return { is: "edit", after: withoutScaling(resource) };
    },
  });
}
