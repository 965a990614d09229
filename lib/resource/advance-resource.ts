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
import type { Recording, ResourceStore } from "./resource-store.ts";
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
const OPERATION_GRACE_MS = 10_000;

/** Whether whoever finds this operation may take it further: no request is at work on it any more. */
function isLeftBehind({ operation, isAccepted, sinceMs }: Pending, nowMs: EpochMs): boolean {
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
  const step = { resource, pending, trail };
  const written = await writeProgress(deps, step, await ask(deps, resource, pending));
  if (written !== undefined) return written;
  const now = await reread(deps, resource);
  // Something else of it changed, such as who holds it; or somebody took the operation further, and their word counts.
  return now.pending?.token === pending.token ? await advanceResource(deps, now, trail) : { resource: now };
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

/** `undefined` where the resource was written meanwhile. */
async function writeProgress(
  deps: AdvanceDeps,
  step: Step,
  progress: Progress,
): Promise<Advanced | undefined> {
  switch (progress.is) {
    case "done":
      return await finish(deps, { ...step, observed: progress.observed });
    case "under_way":
      return await takeOn(deps, { ...step, providerId: progress.providerId });
    case "refused":
      return await refuse(deps, { ...step, refusal: progress.refusal });
    default:
      return assertNever(progress);
  }
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
): Promise<Advanced | undefined> {
  const atMs = effectiveAtMs(pending, observed, deps.now());
  const after = attachedBy(trail, settled(resource, pending, { observed, atMs }), deps.now());
  return await write(deps, { resource, after, atMs }, { trail: await trailOf(deps, resource, trail) });
}

async function takeOn(
  deps: AdvanceDeps,
  { resource, pending, trail, providerId }: Step & { readonly providerId: string | undefined },
): Promise<Advanced | undefined> {
  if (pending.isAccepted) return { resource };
  const atMs = deps.now();
  const after = attachedBy(trail, accepted(resource, pending, providerId), atMs);
  if (trail === undefined) return await write(deps, { resource, after, atMs }, {});
  // On record is what was asked for; what shows of it later makes a record of its own.
  return await write(deps, { resource, after, atMs }, { trail, shown: settled(after, pending, { atMs }) });
}

async function refuse(
  deps: AdvanceDeps,
  { resource, pending, trail, refusal }: Step & { readonly refusal: Refusal },
): Promise<Advanced | undefined> {
  const atMs = deps.now();
  const after = undone(resource, pending, { refusal, atMs });
  // A refused request makes its own record, of an error.
  const recording = trail === undefined ? { trail: await refusalTrail(deps, resource, refusal) } : {};
  const written = await write(deps, { resource, after, atMs }, recording);
  return written && { ...written, refusal };
}

async function refusalTrail(deps: AdvanceDeps, resource: Resource, refusal: Refusal): Promise<Trail> {
  const trail = failedTrail(await trailOf(deps, resource, undefined), `provider.${refusal.code}`);
  trail.note({ reason: refusal.message });
  return trail;
}

async function write(
  deps: AdvanceDeps,
  {
    resource,
    after,
    atMs,
  }: { readonly resource: Resource; readonly after: Resource; readonly atMs: EpochMs },
  recording: Recording,
): Promise<Advanced | undefined> {
  const readings = readingsBetween(resource, after, atMs);
  const outcome = await deps.resources.save({ before: resource, after, atMs, readings }, recording);
  return outcome === "saved" ? { resource: after } : undefined;
}

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
