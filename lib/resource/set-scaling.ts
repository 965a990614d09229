import { AppError } from "../errors.ts";
import { type Change, type ChangeDeps, changeResource } from "./change-resource.ts";
import type { Resource } from "./resource.ts";
import type { ScalingPolicy } from "./scaling-rule.ts";

/** The terms of a policy; whose it is follows from the request. */
export interface SetScaling extends Omit<Change, "plan"> {
  readonly terms: Pick<ScalingPolicy, "metric" | "target" | "min" | "max" | "cooldownSeconds">;
}

/**
 * Gives a group its scaling policy, in place of the one it had. Its steps are the caller's from now on.
 * @throws AppError as `changeResource`; `unprocessable` for what is no instance group
 */
export async function setScaling(deps: ChangeDeps, input: SetScaling): Promise<Resource> {
  return await changeResource(deps, {
    ...input,
    plan: (resource) => {
      checkScalable(resource);
      const scaling: ScalingPolicy = { ...input.terms, by: input.origin, setAtMs: deps.now() };
      return { is: "edit", after: { ...resource, scaling } };
    },
  });
}

/** @throws AppError `unprocessable` for what is no instance group, `conflict` for one that is deleted */
export function checkScalable({ blueprint, state }: Resource): void {
  if (blueprint.type !== "instance_group") {
    throw new AppError("unprocessable", "Only an instance group scales.");
  }
  if (state === "deleted") throw new AppError("conflict", "The resource is deleted.");
}
