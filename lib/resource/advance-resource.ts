import type { Trail } from "../activity/trail.ts";
import { AppError, assertNever } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import { withHolder } from "./holders.ts";
import { usesOf } from "./links.ts";
import { readingsBetween } from "./metering.ts";
import {
  type Observed,
  type Order,
  type Progress,
  type Providers,
  progressOf,
  type Refusal,
} from "./provider.ts";
import { type Operation, type Pending, type Resource, refOf } from "./resource.ts";
import type { ResourceStore } from "./resource-store.ts";
import { failedTrail, type SystemTrails } from "./system-trail.ts";
import { accepted, effectiveAtMs, settled, undone } from "./transitions.ts";

/** What taking an operation further needs. */
export interface AdvanceDeps {
  readonly resources: ResourceStore;
  readonly providers: Providers;
  readonly systemTrails: SystemTrails;
  readonly now: () => EpochMs;
}

/** A resource as it is now, and why the provider said no, if it just did. */
export interface Advanced {
  readonly resource: Resource;
  readonly refusal?: Refusal;
}

/** How long the request that began an operation has the provider to itself before others take the operation further. */
export const OPERATION_GRACE_MS = 10_000;

/** Whether whoever finds this operation may take it further: no request is at work on it any more. */
export function isLeftBehind({ operation, isAccepted, sinceMs }: Pending, nowMs: EpochMs): boolean {
  return operation.kind === "create" || isAccepted || nowMs - sinceMs >= OPERATION_GRACE_MS;
}

/** As `advanceResource`, where nobody else is at work on it; the resource itself otherwise. */
export async function caughtUp(deps: AdvanceDeps, resource: Resource): Promise<Resource> {
  if (resource.pending === undefined || !isLeftBehind(resource.pending, deps.now())) return resource;
  return (await advanceResource(deps, resource)).resource;
}

/**
 * Takes the operation that is under way as far as the provider has come with it: asks the provider, and writes what it
 * says with its gauge readings and its record in one transaction. Safe to repeat, and to run twice at once: the
 * provider carries a token out once, and one of two writers of the same version gives way.
 *
 * With a trail it is the request itself that takes it further, and its own record goes into the transaction.
 * @throws AppError `unavailable`; the operation then stays under way
 */
export async function advanceResource(
  deps: AdvanceDeps,
  resource: Resource,
  trail?: Trail,
): Promise<Advanced> {
  const { pending } = resource;
  if (pending === undefined) return { resource };
  const progress = await ask(deps, resource, pending);
  switch (progress.is) {
    case "done":
      return await finish(deps, { resource, pending, trail, observed: progress.observed });
    case "under_way":
      return await takeOn(deps, { resource, pending, trail, providerId: progress.providerId });
    case "refused":
      return await refuse(deps, { resource, pending, trail, refusal: progress.refusal });
    default:
      return assertNever(progress);
  }
}

/** The name of the permission, and of the record, that an operation goes by. */
export function verbOf(operation: Operation): string {
  return operation.kind === "resize" ? "update" : operation.kind.replace("_", "-");
}

interface Step {
  readonly resource: Resource;
  readonly pending: Pending;
  readonly trail: Trail | undefined;
}

async function ask(deps: AdvanceDeps, resource: Resource, pending: Pending): Promise<Progress> {
  const provider = await deps.providers(resource.provider);
  if (!pending.isAccepted) return await provider.perform(await orderOf(deps, resource, pending));
  const things = await provider.observe([{ ...resource, type: resource.blueprint.type }]);
  return progressOf(pending, things.get(resource.resourceId), deps.now());
}

/** The order that an operation is to the provider. */
export async function orderOf(
  deps: Pick<AdvanceDeps, "resources">,
  resource: Resource,
  pending: Pick<Pending, "operation" | "token" | "sinceMs">,
): Promise<Order> {
  const uses = await deps.resources.getMany(
    resource.tenantId,
    usesOf(resource).map((use) => use.resourceId),
  );
  const { tenantId, resourceId, providerId, blueprint, name, tags } = resource;
  const { operation, token, sinceMs } = pending;
  return {
    ...{ tenantId, resourceId, blueprint, name, tags, operation, token, sinceMs },
    ...(providerId === undefined ? {} : { providerId }),
    providerIds: Object.fromEntries(
      uses.flatMap((use) => (use.providerId === undefined ? [] : [[use.resourceId, use.providerId]])),
    ),
  };
}

async function finish(
  deps: AdvanceDeps,
  { resource, pending, trail, observed }: Step & { readonly observed: Observed | undefined },
): Promise<Advanced> {
  const atMs = effectiveAtMs(pending, observed, deps.now());
  const after = attachedBy(trail, settled(resource, pending, { observed, atMs }), deps.now());
  return await write(deps, { resource, pending, trail: await trailOf(deps, resource, trail), after, atMs });
}

async function takeOn(
  deps: AdvanceDeps,
  { resource, pending, trail, providerId }: Step & { readonly providerId: string | undefined },
): Promise<Advanced> {
  if (pending.isAccepted) return { resource };
  const nowMs = deps.now();
  const after = attachedBy(trail, accepted(resource, pending, providerId), nowMs);
  if (trail === undefined) {
    const outcome = await deps.resources.save({ before: resource, after, atMs: nowMs, readings: [] }, {});
    return { resource: outcome === "saved" ? after : await reread(deps, resource) };
  }
  // On record is what was asked for; what shows of it later makes a record of its own.
  const asked = settled(after, pending, { atMs: nowMs });
  return await write(deps, { resource, pending, trail, after, atMs: nowMs, shown: asked });
}

async function refuse(
  deps: AdvanceDeps,
  { resource, pending, trail, refusal }: Step & { readonly refusal: Refusal },
): Promise<Advanced> {
  const atMs = deps.now();
  const after = undone(resource, pending, { refusal, atMs });
  if (trail !== undefined) {
    // The refused request makes its own record, of an error.
    const write = { before: resource, after, atMs, readings: readingsBetween(resource, after, atMs) };
    await deps.resources.save(write, {});
    return { resource: after, refusal };
  }
  const system = failedTrail(await trailOf(deps, resource, undefined), `provider.${refusal.code}`);
  system.note({ reason: refusal.message });
  return { ...(await write(deps, { resource, pending, trail: system, after, atMs })), refusal };
}

async function write(
  deps: AdvanceDeps,
  change: Required<Step> & {
    readonly trail: Trail;
    readonly after: Resource;
    readonly atMs: EpochMs;
    readonly shown?: Resource;
  },
): Promise<Advanced> {
  const { resource, trail, after, atMs, shown = after } = change;
  const readings = readingsBetween(resource, after, atMs);
  const outcome = await deps.resources.save({ before: resource, after, atMs, readings }, { trail, shown });
  return { resource: outcome === "saved" ? after : await reread(deps, resource) };
}

/** Somebody else took it further first: their word counts. */
async function reread(deps: AdvanceDeps, resource: Resource): Promise<Resource> {
  const now = await deps.resources.get(resource.tenantId, resource.resourceId);
  if (now === undefined) throw new AppError("unavailable", "The resource is being changed: try again.");
  return now;
}

/** What a request changes, its session holds from then on (contract section 7). */
function attachedBy(trail: Trail | undefined, after: Resource, nowMs: EpochMs): Resource {
  const record = trail?.record();
  if (record?.sessionId === undefined || record.source !== "api" || after.state === "deleted") return after;
  return withHolder(after, record.sessionId, nowMs);
}

async function trailOf(deps: AdvanceDeps, resource: Resource, trail: Trail | undefined): Promise<Trail> {
  if (trail !== undefined) return trail;
  const { pending, tenantId } = resource;
  if (pending === undefined) throw new Error("There is nothing under way.");
  const isRecorded = pending.isAccepted || pending.operation.kind === "create";
  const verb = isRecorded ? "provision" : verbOf(pending.operation);
  return await deps.systemTrails.begin({
    tenantId,
    action: `${resource.blueprint.type}:${verb}`,
    resource: refOf(resource),
    by: pending.by,
  });
}
