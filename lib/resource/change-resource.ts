import type { Trail } from "../activity/trail.ts";
import { AppError, assertNever, notFound } from "../errors.ts";
import { type AdvanceDeps, advanceResource, caughtUp } from "./advance-resource.ts";
import { withHolder } from "./holders.ts";
import type { Liveness } from "./liveness.ts";
import { checkLock, type Intent } from "./lock.ts";
import { readingsBetween } from "./metering.ts";
import type { Operation, Origin, Resource } from "./resource.ts";
import type { SaveOutcome } from "./resource-store.ts";
import { begun, checkOperation, isAlready } from "./transitions.ts";

/** What changing a resource needs. */
export interface ChangeDeps extends AdvanceDeps {
  readonly liveness: Liveness;
}

/**
 * What a change comes to once the resource is known: an operation of the provider, an edit of what people can change
 * and the provider does not hear of, bookkeeping of the platform (which is no revision, and no lock keeps it off), or
 * nothing.
 */
export type Plan =
  | {
      readonly is: "operation";
      readonly operation: Operation;
      /** What has to be out of the way first; done once it is clear that the operation may begin. */
      readonly prepare?: () => Promise<void>;
    }
  | { readonly is: "edit"; readonly after: Resource }
  | { readonly is: "bookkeeping"; readonly after: Resource }
  | { readonly is: "nothing" };

/** A change that somebody asks for. */
export interface Change {
  readonly tenantId: string;
  readonly resourceId: string;
  readonly origin: Origin;
  readonly trail: Trail;
  /** From `If-Match`. */
  readonly expectedRevision?: number | undefined;
  /** Decides whether this resource may be seen and changed so; asked again whenever it was read again. */
  readonly permit: (resource: Resource) => void;
  readonly plan: (resource: Resource) => Plan | Promise<Plan>;
}

/** Attempts against others who change the same resource at the same time. */
const ATTEMPTS = 6;

/**
 * Changes a resource once: reads it, decides, begins the operation (which locks it), has the provider carry it out, and
 * writes the outcome with its record in one transaction. What the provider refuses is as it was before.
 * @throws AppError `not_found`, `access.denied`, `precondition.failed`, `conflict`, `unprocessable`, `unavailable`
 */
export async function changeResource(deps: ChangeDeps, change: Change): Promise<Resource> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const resource = await openResource(deps, change);
    checkRevision(resource, change.expectedRevision);
    const plan = await change.plan(resource);
    const done = await carryOut(deps, { change, resource, plan });
    if (done !== undefined) return done;
  }
  throw new AppError("conflict", "The resource is being changed by others all the time: try again.");
}

interface Carried {
  readonly change: Change;
  readonly resource: Resource;
  readonly plan: Plan;
}

/** `undefined` where somebody else's write came first. */
async function carryOut(
  deps: ChangeDeps,
  { change, resource, plan }: Carried,
): Promise<Resource | undefined> {
  switch (plan.is) {
    case "nothing":
      return resource;
    case "bookkeeping":
      return await write(deps, { change, before: resource, after: plan.after });
    case "edit":
      await checkUnlocked(deps, { change, resource, intent: "describe" });
      return await write(deps, { change, before: resource, after: revised(deps, change, plan.after) });
    case "operation":
      return await operate(deps, { change, resource, ...plan });
    default:
      return assertNever(plan);
  }
}

async function openResource(deps: ChangeDeps, { tenantId, resourceId, permit }: Change): Promise<Resource> {
  const resource = await deps.resources.get(tenantId, resourceId);
  if (resource === undefined) throw notFound();
  permit(resource);
  return await caughtUp(deps, resource);
}

function checkRevision(resource: Resource, expected: number | undefined): void {
  if (expected === undefined || expected === resource.revision) return;
  throw new AppError("precondition.failed", "The resource has changed since you read it: read it again.");
}

async function operate(
  deps: ChangeDeps,
  {
    change,
    resource,
    operation,
    prepare,
  }: Extract<Plan, { is: "operation" }> & { readonly change: Change; readonly resource: Resource },
): Promise<Resource | undefined> {
  if (isAlready(resource, operation) || isRepeated(resource, operation, change.origin)) return resource;
  await checkUnlocked(deps, { change, resource, intent: operation.kind });
  checkOperation(resource, operation.kind);
  await prepare?.();
  const claimed = begun(resource, operation, { by: change.origin, atMs: deps.now() });
  const claim = { before: resource, after: claimed, atMs: deps.now(), readings: [] };
  if (!isWritten(await deps.resources.save(claim, {}))) return undefined;
  const { resource: after, refusal } = await advanceResource(deps, claimed, change.trail);
  if (refusal !== undefined) {
    throw new AppError("conflict", refusal.message, { members: { reason: refusal.code } });
  }
  return after;
}

/** The same session asks again for what is under way already. */
function isRepeated({ pending }: Resource, operation: Operation, { sessionId }: Origin): boolean {
  return (
    pending !== undefined &&
    pending.by.sessionId === sessionId &&
    JSON.stringify(pending.operation) === JSON.stringify(operation)
  );
}

async function checkUnlocked(
  deps: ChangeDeps,
  {
    change,
    resource,
    intent,
  }: { readonly change: Change; readonly resource: Resource; readonly intent: Intent },
): Promise<void> {
  if (resource.pending === undefined) return;
  const holder = resource.pending.by.sessionId;
  const alive =
    holder === undefined ? new Set<string>() : await deps.liveness.aliveOf(resource.tenantId, [holder]);
  const isHolderAlive = holder === undefined || alive.has(holder);
  checkLock(resource, { intent, sessionId: change.origin.sessionId, isHolderAlive });
}

async function write(
  deps: ChangeDeps,
  { change, before, after }: { readonly change: Change; readonly before: Resource; readonly after: Resource },
): Promise<Resource | undefined> {
  const next = { ...after, version: before.version + 1 };
  const atMs = deps.now();
  const readings = readingsBetween(before, next, atMs);
  const outcome = await deps.resources.save({ before, after: next, atMs, readings }, { trail: change.trail });
  return isWritten(outcome) ? next : undefined;
}

function revised(deps: ChangeDeps, { origin }: Change, after: Resource): Resource {
  const nowMs = deps.now();
  const next = { ...after, revision: after.revision + 1, updatedAtMs: Math.max(after.updatedAtMs, nowMs) };
  return origin.sessionId === undefined ? next : withHolder(next, origin.sessionId, nowMs);
}

/** @throws AppError `conflict` where reading again would not help */
function isWritten(outcome: SaveOutcome): boolean {
  switch (outcome) {
    case "saved":
      return true;
    case "stale":
      return false;
    case "in_use":
      throw new AppError("conflict", "Another resource has just begun to use this one.");
    case "unusable":
      throw new AppError("conflict", "A resource that this one would use is gone or in use by another.");
    default:
      return assertNever(outcome);
  }
}
