import type { EpochMs } from "../time.ts";
import type { ScalingPolicy } from "./scaling-rule.ts";

/** The kinds of resource, in the order of contract section 7. Each is the noun of its permissions. */
export const RESOURCE_TYPES = ["vm", "volume", "database", "load_balancer", "instance_group"] as const;

/** One kind of resource. */
export type ResourceType = (typeof RESOURCE_TYPES)[number];

/** A machine: whole vCPUs, memory in GiB. */
export interface VmSpec {
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly image: string;
}

/** A disk. It grows and never shrinks. */
export interface VolumeSpec {
  readonly sizeGiB: number;
}

/** A managed database. Its storage grows and never shrinks. */
export interface DatabaseSpec {
  readonly engine: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly storageGiB: number;
}

/** Spreads requests over machines and groups of the same tenant. */
export interface LoadBalancerSpec {
  readonly targets: readonly string[];
}

/** `desired` machines of one kind; `min <= desired <= max`. */
export interface InstanceGroupSpec {
  readonly template: VmSpec;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
}

/** What a resource is to be: its kind, and what that kind is measured by. */
export type Blueprint =
  | { readonly type: "vm"; readonly spec: VmSpec }
  | { readonly type: "volume"; readonly spec: VolumeSpec }
  | { readonly type: "database"; readonly spec: DatabaseSpec }
  | { readonly type: "load_balancer"; readonly spec: LoadBalancerSpec }
  | { readonly type: "instance_group"; readonly spec: InstanceGroupSpec };

/** What the provider last said of it. `deleted` is for good. */
export type ResourceState = "provisioning" | "running" | "stopped" | "failed" | "deleted";

/** What is asked of the provider. What `resize` brings takes its place once the provider has done it. */
export type Operation =
  | { readonly kind: "create" }
  | ({ readonly kind: "resize"; readonly to: Blueprint } & Partial<
      Pick<Resource, "name" | "tags" | "scaling">
    >)
  | { readonly kind: "start" }
  | { readonly kind: "stop" }
  | { readonly kind: "delete" }
  | { readonly kind: "attach_volume"; readonly volumeId: string }
  | { readonly kind: "detach_volume"; readonly volumeId: string };

/** The request that something goes back to. */
export interface Origin {
  readonly sessionId?: string;
  readonly userId?: string;
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string;
}

/**
 * An operation that the provider has not finished. It is written before the provider is asked, so that a process that
 * dies in between leaves something to go on from, and it is the lock that keeps other sessions off meanwhile.
 */
export interface Pending {
  readonly operation: Operation;
  /** The provider carries out one token once. */
  readonly token: string;
  readonly sinceMs: EpochMs;
  readonly by: Origin;
  /** Whether the provider has taken it on; until then it is asked again. */
  readonly isAccepted: boolean;
}

/** Why a resource is not what it should be. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly atMs: EpochMs;
}

/** A session that the resource is metered for, since when. */
export interface Holder {
  readonly sessionId: string;
  readonly fromAtMs: EpochMs;
}

/** Where resources really are: a simulator, or an AWS account. */
export type ProviderName = "local" | "aws";

/** One resource of a tenant (contract section 7). */
export interface Resource {
  readonly tenantId: string;
  readonly resourceId: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly blueprint: Blueprint;
  readonly state: ResourceState;
  readonly failure?: Failure;
  readonly pending?: Pending;
  readonly provider: ProviderName;
  readonly providerId?: string;
  /** The user and the session who made it. */
  readonly ownerId: string;
  readonly ownerSessionId: string;
  /** The sessions that hold it now, the first attached first. */
  readonly holders: readonly Holder[];
  /** The volumes of a machine. */
  readonly volumeIds: readonly string[];
  /** The resources that use this one: the machine of a volume, the load balancers of a target. */
  readonly usedBy: readonly string[];
  readonly scaling?: ScalingPolicy;
  readonly createdAtMs: EpochMs;
  readonly updatedAtMs: EpochMs;
  /** Counts what people changed; its `ETag`. What the provider reports does not move it. */
  readonly revision: number;
  /** Counts every write of the row: no writer overwrites what it has not read. */
  readonly version: number;
}

/** A resource as activity records name it. */
export function refOf(resource: Resource): { readonly type: ResourceType; readonly id: string } {
  return { type: resource.blueprint.type, id: resource.resourceId };
}

/** What a record's `changes` speak of: what a client can see and change. */
export function visibleOf(resource: Resource) {
  return {
    name: resource.name,
    tags: resource.tags,
    spec: resource.blueprint.spec,
    state: resource.state,
    volumes: resource.volumeIds,
    attachedSessions: resource.holders.map((holder) => holder.sessionId),
    scaling: resource.scaling && policyTerms(resource.scaling),
  };
}

function policyTerms({ metric, target, min, max, cooldownSeconds }: ScalingPolicy) {
  return { metric, target, min, max, cooldownSeconds };
}

/** Whether two blueprints ask for the same, in whatever order their members were written. */
export function isSameBlueprint(a: Blueprint, b: Blueprint): boolean {
  return canonical(a) === canonical(b);
}

function canonical(blueprint: Blueprint): string {
  return JSON.stringify(blueprint, (_name, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}
