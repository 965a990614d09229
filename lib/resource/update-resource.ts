import { AppError, assertNever } from "../errors.ts";
import { type Change, type ChangeDeps, changeResource, type Plan } from "./change-resource.ts";
import { checkTargets } from "./create-resource.ts";
import {
  type Blueprint,
  type DatabaseSpec,
  type InstanceGroupSpec,
  isSameBlueprint,
  type LoadBalancerSpec,
  type Resource,
  type VmSpec,
  type VolumeSpec,
} from "./resource.ts";

/** The members of a spec that are to change. */
export type SpecPatch =
  | { readonly type: "vm"; readonly spec: Partial<VmSpec> }
  | { readonly type: "volume"; readonly spec: Partial<VolumeSpec> }
  | { readonly type: "database"; readonly spec: Partial<DatabaseSpec> }
  | { readonly type: "load_balancer"; readonly spec: Partial<LoadBalancerSpec> }
  | { readonly type: "instance_group"; readonly spec: Partial<InstanceGroupSpec> };

/** What is to change; what is left out stays. */
export interface ResourcePatch {
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Read as the resource's type has it, once that is known. */
  readonly spec?: (type: Blueprint["type"]) => SpecPatch;
}

/** A patch on its way. */
export interface UpdateResource extends Omit<Change, "plan"> {
  readonly patch: ResourcePatch;
  readonly maySee: (resource: Resource) => boolean;
}

/**
 * Renames, tags, resizes and scales. A new spec goes to the provider; name and tags change with it, or not at all.
 * @throws AppError as `changeResource`; `unprocessable` for a disk that would shrink or a group out of its bounds
 */
export async function updateResource(deps: ChangeDeps, input: UpdateResource): Promise<Resource> {
  return await changeResource(deps, { ...input, plan: (resource) => planOf(deps, input, resource) });
}

async function planOf(deps: ChangeDeps, input: UpdateResource, resource: Resource): Promise<Plan> {
  const { name, tags, spec } = input.patch;
  if (resource.state === "deleted") throw new AppError("conflict", "The resource is deleted.");
  const described = { ...(name === undefined ? {} : { name }), ...(tags === undefined ? {} : { tags }) };
  const { blueprint } = resource;
  const to = spec === undefined ? blueprint : patched(blueprint, spec(blueprint.type));
  if (!isSameBlueprint(to, blueprint)) {
    checkResize(blueprint, to);
    if (to.type === "load_balancer") {
      await checkTargets(deps, { ...input, targetIds: to.spec.targets });
    }
    return { is: "operation", operation: { kind: "resize", to, ...described } };
  }
  const after = { ...resource, ...described };
  const isSame = JSON.stringify([after.name, after.tags]) === JSON.stringify([resource.name, resource.tags]);
  return isSame ? { is: "nothing" } : { is: "edit", after };
}

function patched(blueprint: Blueprint, patch: SpecPatch): Blueprint {
  // Both sides have the same type, as the patch was read by it: the spread keeps the spec whole.
  return { type: blueprint.type, spec: { ...blueprint.spec, ...patch.spec } } as Blueprint;
}

function checkResize(from: Blueprint, to: Blueprint): void {
  switch (to.type) {
    case "volume":
      if (from.type === "volume" && to.spec.sizeGiB < from.spec.sizeGiB) throw shrinks("volume");
      return;
    case "database":
      if (from.type !== "database") return;
      if (to.spec.storageGiB < from.spec.storageGiB) throw shrinks("database's storage");
      if (to.spec.engine !== from.spec.engine) {
        throw new AppError("unprocessable", "A database keeps the engine that it was made with.");
      }
      return;
    case "instance_group":
      checkBounds(to.spec);
      return;
    case "vm":
      if (from.type === "vm" && to.spec.image !== from.spec.image) {
        throw new AppError("unprocessable", "A vm keeps the image that it was made from.");
      }
      return;
    case "load_balancer":
      return;
    default:
      assertNever(to);
  }
}

function checkBounds({ min, desired, max }: InstanceGroupSpec): void {
  if (min <= desired && desired <= max) return;
  throw new AppError(
    "unprocessable",
    `A group has min <= desired <= max, not ${min}, ${desired} and ${max}.`,
  );
}

function shrinks(what: string): AppError {
  return new AppError("unprocessable", `A ${what} grows and never shrinks.`);
}
