import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";
import { caughtUp, orderOf } from "./advance-resource.ts";
import type { ChangeDeps } from "./change-resource.ts";
import { readingsBetween } from "./metering.ts";
import type { Observed, Stocked } from "./provider.ts";
import { releaseResource } from "./release-session.ts";
import { type Failure, isSameBlueprint, type ProviderName, type Resource, refOf } from "./resource.ts";

/** Notes, once, that the provider has something of a tenant's that nobody here knows. */
export interface OrphanLog {
  note(tenantId: string, orphan: Stocked, trail: Trail): Promise<void>;
}

/** What comparing with the providers needs. */
export interface ReconcileDeps extends ChangeDeps {
  readonly orphans: OrphanLog;
  /** The providers that tenants of this deployment can be with. */
  readonly providerNames: readonly ProviderName[];
  /** Told of what could not be reconciled, so that one bad resource does not stop the rest. */
  readonly onError: (resourceId: string, error: unknown) => void;
}

const PAGE = 100;

/**
 * Brings a tenant's resources in line with what its providers really have. What is under way is taken further, so that
 * a lost event leaves nothing in `provisioning`; a resource that is not as it should be takes the state that the
 * provider has, on record; what the provider has and nobody knows is put on record once, and what should be gone is
 * deleted again. Safe to run twice at once.
 */
export async function reconcileResources(deps: ReconcileDeps, tenantId: string): Promise<void> {
  let afterId: string | undefined;
  do {
    const page = await deps.resources.list({
      tenantId,
      limit: PAGE,
      ...(afterId === undefined ? {} : { afterId }),
    });
    await reconcilePage(deps, page.resources);
    afterId = page.nextAfterId;
  } while (afterId !== undefined);
  for (const name of deps.providerNames) await findOrphans(deps, tenantId, name);
}

async function reconcilePage(deps: ReconcileDeps, resources: readonly Resource[]): Promise<void> {
  for (const [name, ofProvider] of Map.groupBy(resources, (resource) => resource.provider)) {
    const { open = [], steady = [] } = Object.groupBy(ofProvider, (resource) =>
      resource.pending === undefined ? "steady" : "open",
    );
    for (const resource of open) await guarded(deps, resource.resourceId, () => caughtUp(deps, resource));
    await releaseEnded(deps, ofProvider);
    const provider = await deps.providers(name);
    const compared = steady.filter((resource) => resource.state !== "failed");
    const things = await provider.observe(
      compared.map((resource) => ({ ...resource, type: resource.blueprint.type })),
    );
    for (const resource of compared) {
      await guarded(deps, resource.resourceId, () =>
        takeOver(deps, resource, things.get(resource.resourceId)),
      );
    }
  }
}

/** Lets go of what sessions held whose end nobody has told us of. */
async function releaseEnded(deps: ReconcileDeps, resources: readonly Resource[]): Promise<void> {
  for (const [tenantId, ofTenant] of Map.groupBy(resources, (resource) => resource.tenantId)) {
    const held = ofTenant.flatMap(({ holders }) => holders.map((holder) => holder.sessionId));
    for (const ended of await deps.liveness.endedOf(tenantId, [...new Set(held)])) {
      for (const resource of ofTenant) {
        await guarded(deps, resource.resourceId, () => releaseResource(deps, resource, ended));
      }
    }
  }
}

/** Writes what the provider has over what was thought; nothing where both are the same. */
async function takeOver(
  deps: ReconcileDeps,
  resource: Resource,
  observed: Observed | undefined,
): Promise<void> {
  const nowMs = deps.now();
  const drifted = asObserved(resource, observed, nowMs);
  if (drifted === undefined) return;
  const after = { ...drifted, updatedAtMs: nowMs, version: resource.version + 1 };
  const trail = await deps.systemTrails.begin({
    tenantId: resource.tenantId,
    action: `${resource.blueprint.type}:drift`,
    resource: refOf(resource),
  });
  const readings = readingsBetween(resource, after, nowMs);
  // Where somebody else wrote meanwhile, what was observed is of the past: the next run looks again.
  await deps.resources.save({ before: resource, after, atMs: nowMs, readings }, { trail });
}

function asObserved(
  resource: Resource,
  observed: Observed | undefined,
  nowMs: EpochMs,
): Resource | undefined {
  if (observed === undefined) {
    return failed(resource, {
      code: "gone",
      message: "The provider does not have it any more.",
      atMs: nowMs,
    });
  }
  if (observed.state === "failed") {
    const reason = observed.reason ?? { code: "failed", message: "The provider says that it failed." };
    return failed(resource, { ...reason, atMs: nowMs });
  }
  if (observed.state === "pending") return undefined;
  const blueprint = observed.blueprint ?? resource.blueprint;
  const isSame = observed.state === resource.state && isSameBlueprint(blueprint, resource.blueprint);
  return isSame ? undefined : { ...resource, state: observed.state, blueprint };
}

function failed(resource: Resource, failure: Failure): Resource {
  return { ...resource, state: "failed", failure };
}

async function findOrphans(deps: ReconcileDeps, tenantId: string, name: ProviderName): Promise<void> {
  const provider = await deps.providers(name);
  const stock = await provider.stock(tenantId);
  const known = new Map(
    (
      await deps.resources.getMany(
        tenantId,
        stock.flatMap((thing) => thing.resourceId ?? []),
      )
    ).map((resource) => [resource.resourceId, resource]),
  );
  for (const thing of stock) {
    const resource = thing.resourceId === undefined ? undefined : known.get(thing.resourceId);
    if (resource === undefined)
      await guarded(deps, thing.providerId, () => noteOrphan(deps, tenantId, thing));
    else if (resource.state === "deleted") {
      await guarded(deps, thing.providerId, () => deleteAgain(deps, resource));
    }
  }
}

async function noteOrphan(deps: ReconcileDeps, tenantId: string, orphan: Stocked): Promise<void> {
  const trail = await deps.systemTrails.begin({
    tenantId,
    action: "resource:orphaned",
    resource: { type: "resource", id: orphan.resourceId ?? orphan.providerId },
  });
  trail.note({ providerId: orphan.providerId });
  await deps.orphans.note(tenantId, orphan, trail);
}

/** It was made just as it was being deleted, or its deletion was lost. */
async function deleteAgain(deps: ReconcileDeps, resource: Resource): Promise<void> {
  const provider = await deps.providers(resource.provider);
  const token = `${resource.resourceId}-again-${resource.version}`;
  const order = { operation: { kind: "delete" }, token, sinceMs: deps.now() } as const;
  await provider.perform(await orderOf(deps, resource, order));
}

async function guarded(deps: ReconcileDeps, id: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    deps.onError(id, error);
  }
}
