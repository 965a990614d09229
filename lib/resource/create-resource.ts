import type { Trail } from "../activity/trail.ts";
import { AppError, notFound } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import { targetsOf } from "./links.ts";
import type { Blueprint, Origin, ProviderName, Resource } from "./resource.ts";
import type { ResourceStore } from "./resource-store.ts";
import { begun } from "./transitions.ts";

/** What creating a resource needs. */
export interface CreateResourceDeps {
  readonly resources: Pick<ResourceStore, "get" | "getMany" | "save">;
  /** Which provider a tenant's new resources go to. */
  readonly providerFor: (tenantId: string) => ProviderName;
  readonly now: () => EpochMs;
}

/** A resource to be made. Its id is the same again when the request is repeated. */
export interface CreateResource {
  readonly tenantId: string;
  readonly resourceId: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly blueprint: Blueprint;
  readonly ownerId: string;
  readonly sessionId: string;
  readonly origin: Origin;
  readonly trail: Trail;
  readonly maySee: (resource: Resource) => boolean;
}

/**
 * Puts a resource on the way: it is `provisioning`, attached to its session and locked by it until the provider has
 * made it. Repeated with the same id it answers what there is, and makes nothing.
 * @throws AppError `not_found` for a target that is missing or not to be seen, `unprocessable`, `conflict`
 */
export async function createResource(deps: CreateResourceDeps, input: CreateResource): Promise<Resource> {
  const made = newResource(deps, input);
  await checkTargets(deps, { ...input, targetIds: targetsOf(made) });
  const write = { after: made, atMs: made.createdAtMs, readings: [] };
  const outcome = await deps.resources.save(write, { trail: input.trail });
  if (outcome === "saved") return made;
  const before = await deps.resources.get(input.tenantId, input.resourceId);
  if (before === undefined || outcome !== "stale") {
    throw new AppError("conflict", "A target of the load balancer has just been deleted.");
  }
  // An earlier run of the same request made it, and put it on record.
  input.trail.committed();
  return before;
}

/** What is asked of the targets of a load balancer. */
export interface TargetCheck {
  readonly tenantId: string;
  readonly targetIds: readonly string[];
  readonly maySee: (resource: Resource) => boolean;
}

/**
 * Holds the targets of a load balancer to what can take requests.
 * @throws AppError `not_found`, `unprocessable` for what is no machine and no group of them, `conflict` for what is gone
 */
export async function checkTargets(
  deps: Pick<CreateResourceDeps, "resources">,
  { tenantId, targetIds, maySee }: TargetCheck,
): Promise<void> {
  const found = await deps.resources.getMany(tenantId, targetIds);
  for (const targetId of targetIds) {
    const target = found.find((resource) => resource.resourceId === targetId);
    if (target === undefined || !maySee(target)) throw notFound();
    const { type } = target.blueprint;
    if (type !== "vm" && type !== "instance_group") {
      throw new AppError("unprocessable", "A load balancer's targets are vms and instance groups.");
    }
    if (target.state === "deleted" || target.state === "failed") {
      throw new AppError("conflict", `The target ${targetId} is ${target.state}.`);
    }
  }
}

function newResource(deps: CreateResourceDeps, input: CreateResource): Resource {
  const nowMs = deps.now();
  const { tenantId, resourceId, name, tags, blueprint, ownerId, sessionId, origin } = input;
  const resource: Resource = {
    ...{ tenantId, resourceId, name, tags, blueprint, ownerId },
    state: "provisioning",
    provider: deps.providerFor(tenantId),
    ownerSessionId: sessionId,
    holders: [{ sessionId, fromAtMs: nowMs }],
    volumeIds: [],
    usedBy: [],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    revision: 1,
    version: 0,
  };
  return begun(resource, { kind: "create" }, { by: origin, atMs: nowMs });
}
