import type { Trail } from "../activity/trail.ts";
import { formatAtto } from "../decimal.ts";
import { AppError } from "../errors.ts";
import { type Change, type ChangeDeps, changeResource, type Plan } from "./change-resource.ts";
import type { MetricStore } from "./metric-store.ts";
import { type Resource, refOf } from "./resource.ts";
import { type LoadSample, nextDesired, type ScalingPolicy, windowMs } from "./scaling-rule.ts";
import { failedTrail } from "./system-trail.ts";

/** Whether the one who set a policy may still scale the group, with the rights of the session it was set in. */
export type StandingVerdict =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly reason: string };

/** What a step of a scaling policy needs. */
export interface ScaleGroupDeps extends ChangeDeps {
  readonly metrics: Pick<MetricStore, "find">;
  readonly mayStillScale: (group: Resource, policy: ScalingPolicy) => Promise<StandingVerdict>;
}

/** Samples looked at for one decision: one in two seconds over ten minutes. */
const SAMPLES_MAX = 300;

/**
 * Takes the step that a group's policy asks for now, if any: once, authorised as the policy's session would be, and on
 * record under it. A policy whose user may not scale the group any more takes no step, and is suspended.
 */
export async function scaleGroup(deps: ScaleGroupDeps, group: Resource): Promise<Resource> {
  const { scaling, blueprint } = group;
  if (blueprint.type !== "instance_group" || scaling === undefined || !isReady(group)) return group;
  const samples = await loadOf(deps, group, scaling);
  const nowMs = deps.now();
  if (nextDesired({ policy: scaling, group: blueprint.spec }, samples, nowMs) === undefined) return group;
  const verdict = await deps.mayStillScale(group, scaling);
  if (!verdict.isAllowed) return await suspend(deps, group, { reason: verdict.reason, atMs: nowMs });
  return await step(deps, group, samples);
}

function isReady({ state, pending, scaling }: Resource): boolean {
  return state === "running" && pending === undefined && scaling?.suspended === undefined;
}

async function step(
  deps: ScaleGroupDeps,
  group: Resource,
  samples: readonly LoadSample[],
): Promise<Resource> {
  const trail = await trailFor(deps, group);
  const plan = ({ blueprint, scaling }: Resource): Plan => {
    if (blueprint.type !== "instance_group" || scaling === undefined) return { is: "nothing" };
    const nowMs = deps.now();
    const desired = nextDesired({ policy: scaling, group: blueprint.spec }, samples, nowMs);
    if (desired === undefined) return { is: "nothing" };
    const to = { ...blueprint, spec: { ...blueprint.spec, desired } };
    return {
      is: "operation",
      operation: { kind: "resize", to, scaling: { ...scaling, lastStepAtMs: nowMs } },
    };
  };
  try {
    return await changeResource(deps, { ...asPolicy(group), trail, plan });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "conflict") throw thrown;
    // The provider has no room, or somebody else is at work on the group: the policy waits for its cooldown.
    trail.note({ reason: thrown.message });
    return await editPolicy(deps, group, {
      trail: failedTrail(trail, thrown.code),
      change: { lastStepAtMs: deps.now() },
    });
  }
}

async function suspend(
  deps: ScaleGroupDeps,
  group: Resource,
  suspended: NonNullable<ScalingPolicy["suspended"]>,
): Promise<Resource> {
  const trail = await trailFor(deps, group);
  trail.note({ reason: suspended.reason });
  return await editPolicy(deps, group, {
    trail: failedTrail(trail, "access.denied", "denied"),
    change: { suspended },
  });
}

async function editPolicy(
  deps: ScaleGroupDeps,
  group: Resource,
  { trail, change }: { readonly trail: Trail; readonly change: Partial<ScalingPolicy> },
): Promise<Resource> {
  return await changeResource(deps, {
    ...asPolicy(group),
    trail,
    plan: (again) =>
      again.scaling?.setAtMs === group.scaling?.setAtMs && again.scaling !== undefined
        ? { is: "bookkeeping", after: { ...again, scaling: { ...again.scaling, ...change } } }
        : { is: "nothing" },
  });
}

function asPolicy(group: Resource): Pick<Change, "tenantId" | "resourceId" | "origin" | "permit"> {
  const { tenantId, resourceId, scaling } = group;
  if (scaling === undefined) throw new Error("The group has no policy.");
  return { tenantId, resourceId, origin: scaling.by, permit: () => undefined };
}

async function trailFor(deps: ScaleGroupDeps, group: Resource): Promise<Trail> {
  return await deps.systemTrails.begin({
    tenantId: group.tenantId,
    action: "instance_group:scale",
    resource: refOf(group),
    ...(group.scaling === undefined ? {} : { by: group.scaling.by }),
  });
}

async function loadOf(
  deps: ScaleGroupDeps,
  { tenantId, resourceId }: Resource,
  policy: ScalingPolicy,
): Promise<readonly LoadSample[]> {
  const nowMs = deps.now();
  const { samples } = await deps.metrics.find({
    ...{ tenantId, resourceId, metric: policy.metric, limit: SAMPLES_MAX },
    fromMs: nowMs - windowMs(policy),
    // Clocks differ: what is told of the near future is of now.
    toMs: Number.MAX_SAFE_INTEGER,
  });
  return samples.map(({ atMs, value }) => ({ atMs, value: Number(formatAtto(value)) }));
}
