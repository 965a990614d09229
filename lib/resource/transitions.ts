import { AppError, assertNever } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { Observed, Refusal } from "./provider.ts";
import type { Blueprint, Operation, Origin, Pending, Resource, ResourceState } from "./resource.ts";

/** The types that can be started and stopped. */
const SWITCHABLE: ReadonlySet<Blueprint["type"]> = new Set(["vm", "database"]);

/** The states that an operation starts from. */
const STARTS_FROM: Readonly<Record<Operation["kind"], readonly ResourceState[]>> = {
  create: [],
  resize: ["running", "stopped"],
  start: ["stopped"],
  stop: ["running"],
  delete: ["provisioning", "running", "stopped", "failed"],
  attach_volume: ["running", "stopped"],
  detach_volume: ["running", "stopped"],
};

/**
 * Holds an operation to what the resource is and the state it is in.
 * @throws AppError `unprocessable` for what its type cannot do, `conflict` for what its state does not allow
 */
export function checkOperation(resource: Resource, kind: Operation["kind"]): void {
  const { type } = resource.blueprint;
  if ((kind === "start" || kind === "stop") && !SWITCHABLE.has(type)) {
    throw new AppError("unprocessable", `A ${label(type)} cannot be started or stopped.`);
  }
  if ((kind === "attach_volume" || kind === "detach_volume") && type !== "vm") {
    throw new AppError("unprocessable", `A ${label(type)} takes no volumes: only a vm does.`);
  }
  if (!STARTS_FROM[kind].includes(resource.state)) {
    throw new AppError("conflict", `The resource is ${resource.state}.`, {
      members: { state: resource.state },
    });
  }
}

/** Whether there is nothing to do: it is so already, and repeating a request changes nothing. */
export function isAlready(resource: Resource, operation: Operation): boolean {
  if (resource.pending !== undefined) return false;
  switch (operation.kind) {
    case "start":
      return resource.state === "running";
    case "stop":
      return resource.state === "stopped";
    case "delete":
      return resource.state === "deleted";
    case "attach_volume":
      return resource.volumeIds.includes(operation.volumeId);
    case "create":
    case "resize":
    case "detach_volume":
      return false;
    default:
      return assertNever(operation);
  }
}

/** The resource with an operation begun: nothing else of it changes until the provider has spoken. */
export function begun(
  resource: Resource,
  operation: Operation,
  { by, atMs }: { readonly by: Origin; readonly atMs: EpochMs },
): Resource {
  const version = resource.version + 1;
  const token = `${resource.resourceId}-${version}`;
  return { ...resource, version, pending: { operation, token, sinceMs: atMs, by, isAccepted: false } };
}

/** The resource once the provider has taken the operation on. */
export function accepted(resource: Resource, pending: Pending, providerId: string | undefined): Resource {
  return {
    ...resource,
    version: resource.version + 1,
    pending: { ...pending, isAccepted: true },
    ...(providerId === undefined ? {} : { providerId }),
  };
}

/** When the provider's word took effect: as it says itself, but never before it was asked, nor in the future. */
export function effectiveAtMs(pending: Pending, observed: Observed | undefined, nowMs: EpochMs): EpochMs {
  return Math.min(Math.max(observed?.sinceMs ?? nowMs, pending.sinceMs), nowMs);
}

/** The resource once the provider has done it. */
export function settled(
  resource: Resource,
  { operation }: Pending,
  done: { readonly observed?: Observed | undefined; readonly atMs: EpochMs },
): Resource {
  const { pending: _pending, failure: _failure, ...rest } = resource;
  const next: Resource = {
    ...rest,
    ...(done.observed === undefined ? {} : { providerId: done.observed.providerId }),
    updatedAtMs: Math.max(resource.updatedAtMs, done.atMs),
    revision: resource.revision + (operation.kind === "create" ? 0 : 1),
    version: resource.version + 1,
  };
  switch (operation.kind) {
    case "create":
    case "start":
      return { ...next, state: "running" };
    case "stop":
      return { ...next, state: "stopped" };
    case "resize": {
      const { kind: _kind, to, ...metadata } = operation;
      return { ...next, ...metadata, blueprint: to };
    }
    case "delete":
      return { ...withoutScaling(next), state: "deleted", holders: [], volumeIds: [] };
    case "attach_volume":
      return { ...next, volumeIds: [...next.volumeIds, operation.volumeId] };
    case "detach_volume":
      return { ...next, volumeIds: next.volumeIds.filter((id) => id !== operation.volumeId) };
    default:
      return assertNever(operation);
  }
}

/** The resource once the provider has said no: as it was before, or, where there was nothing before, failed. */
export function undone(
  resource: Resource,
  { operation }: Pending,
  refused: { readonly refusal: Refusal; readonly atMs: EpochMs },
): Resource {
  const { pending: _pending, ...rest } = resource;
  return {
    ...rest,
    ...(operation.kind === "create" ? { state: "failed" as const } : {}),
    failure: { ...refused.refusal, atMs: refused.atMs },
    updatedAtMs: Math.max(resource.updatedAtMs, refused.atMs),
    version: resource.version + 1,
  };
}

/** The resource without its scaling policy. */
export function withoutScaling(resource: Resource): Resource {
  const { scaling: _scaling, ...rest } = resource;
  return rest;
}

function label(type: Blueprint["type"]): string {
  return type.replaceAll("_", " ");
}
