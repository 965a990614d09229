import { AppError } from "../errors.ts";
import { verbOf } from "./advance-resource.ts";
import { type Change, type ChangeDeps, changeResource, type Plan } from "./change-resource.ts";
import { dependentIds, targetsOf } from "./links.ts";
import { type Operation, type Resource, refOf } from "./resource.ts";
import { sideTrail } from "./system-trail.ts";

/** What is to be deleted, and whether what depends on it goes with it. */
export interface DeleteResource extends Omit<Change, "plan"> {
  readonly isCascade: boolean;
  readonly maySee: (resource: Resource) => boolean;
  /** Decides on what is done to a dependent: `action` is `volume:delete` and its like. */
  readonly permitDependent: (dependent: Resource, action: string) => void;
}

/**
 * Deletes a resource; one that is deleted stays so. What depends on it keeps it alive, unless the caller says
 * otherwise: then its volumes are deleted with it, a load balancer loses it as a target (and is deleted if it has no
 * other), and the machine of a volume lets it go. Each of these is authorised, and put on record, by itself.
 * @throws AppError as `changeResource`; `conflict` with `dependents`
 */
export async function deleteResource(deps: ChangeDeps, input: DeleteResource): Promise<Resource> {
  let after: readonly Step[] = [];
  const deleted = await changeResource(deps, {
    ...input,
    plan: async (resource): Promise<Plan> => {
      const dependents = await deps.resources.getMany(input.tenantId, dependentIds(resource));
      if (dependents.length > 0 && !input.isCascade) throw dependedOn(dependents.filter(input.maySee));
      const steps = dependents.map((dependent) => stepFor(resource, dependent));
      for (const step of steps) input.permitDependent(step.resource, actionOf(step));
      after = steps.filter((step) => step.comesAfter);
      const prepare = () =>
        takeAll(
          deps,
          input,
          steps.filter((step) => !step.comesAfter),
        );
      return { is: "operation", operation: { kind: "delete" }, prepare };
    },
  });
  await takeAll(deps, input, after);
  return deleted;
}

/** What is done to one dependent, before or after the resource itself goes. */
interface Step {
  readonly resource: Resource;
  readonly operation: Operation;
  readonly comesAfter: boolean;
}

function stepFor(resource: Resource, dependent: Resource): Step {
  // A disk can only go once nothing holds it.
  if (resource.volumeIds.includes(dependent.resourceId)) {
    return { resource: dependent, operation: { kind: "delete" }, comesAfter: true };
  }
  return { resource: dependent, operation: release(dependent, resource.resourceId), comesAfter: false };
}

function release(user: Resource, usedId: string): Operation {
  if (user.blueprint.type !== "load_balancer") return { kind: "detach_volume", volumeId: usedId };
  const targets = targetsOf(user).filter((target) => target !== usedId);
  if (targets.length === 0) return { kind: "delete" };
  return { kind: "resize", to: { type: "load_balancer", spec: { targets } } };
}

function actionOf({ resource, operation }: Step): string {
  return `${resource.blueprint.type}:${verbOf(operation)}`;
}

async function takeAll(deps: ChangeDeps, input: DeleteResource, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    const { resource, operation } = step;
    await changeResource(deps, {
      ...input,
      resourceId: resource.resourceId,
      expectedRevision: undefined,
      trail: sideTrail(input.trail, { action: actionOf(step), resource: refOf(resource) }),
      permit: (again) => input.permitDependent(again, actionOf(step)),
      plan: () => ({ is: "operation", operation }),
    });
  }
}

function dependedOn(dependents: readonly Resource[]): AppError {
  return new AppError(
    "conflict",
    "Other resources depend on this one: let them go first, or say ?cascade=true.",
    {
      members: {
        dependents: dependents.map((dependent) => ({ ...refOf(dependent), name: dependent.name })),
      },
    },
  );
}
