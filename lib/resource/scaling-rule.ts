import type { EpochMs } from "../time.ts";
import type { InstanceGroupSpec, Origin } from "./resource.ts";

/** What a group can be scaled by: a figure that is the average of its machines. */
export const SCALING_METRICS = ["cpu", "requests"] as const;

/** Keeps the average load of a group's machines near a target (contract section 7). */
export interface ScalingPolicy {
  readonly metric: (typeof SCALING_METRICS)[number];
  /** What the average load of one machine should be; above 0. */
  readonly target: number;
  readonly min: number;
  readonly max: number;
  /** The least time between two steps. Growing waits this long, shrinking longer: see `SCALE_IN_COOLDOWNS`. */
  readonly cooldownSeconds: number;
  /** The session that set it. Its steps are taken with that session's rights. */
  readonly by: Origin;
  readonly setAtMs: EpochMs;
  readonly lastStepAtMs?: EpochMs;
  /** Why it takes no more steps until it is set again. */
  readonly suspended?: { readonly reason: string; readonly atMs: EpochMs };
}

/** The average load of a group's machines at one instant. */
export interface LoadSample {
  readonly atMs: EpochMs;
  readonly value: number;
}

/** Load this close to the target, as a share of it, is at the target: the tolerance of Kubernetes' autoscaler. */
const TOLERANCE = 0.1;

/** Growing goes by the load of the last so many milliseconds. */
const SCALE_OUT_WINDOW_MS = 120_000;

/** Shrinking waits for so many cooldowns of low load, and for five minutes at least. */
const SCALE_IN_COOLDOWNS = 3;

const SCALE_IN_WINDOW_MIN_MS = 300_000;

const MINUTE_MS = 60_000;

/** How far back samples count for a decision. */
export function windowMs({ cooldownSeconds }: ScalingPolicy): number {
  return Math.max(SCALE_IN_WINDOW_MIN_MS, SCALE_IN_COOLDOWNS * cooldownSeconds * 1000);
}

/**
 * How many machines a group should have, or `undefined` where it should stay as it is.
 *
 * Target tracking: `ceil(desired × load / target)` within the bounds of the policy and of the group. It grows on the
 * load of the last two minutes, a cooldown after the last step. It shrinks to what the busiest minute of a much longer
 * time would have needed, so that a lull does not take away what the next minute wants back. Samples from before the
 * last step tell of a group of another size, and do not count.
 */
export function nextDesired(
  { policy, group }: { readonly policy: ScalingPolicy; readonly group: InstanceGroupSpec },
  samples: readonly LoadSample[],
  nowMs: EpochMs,
): number | undefined {
  const clamp = (count: number) => clampTo(policy, group, count);
  if (clamp(group.desired) !== group.desired) return clamp(group.desired);
  const sinceMs = policy.lastStepAtMs ?? Number.NEGATIVE_INFINITY;
  if (nowMs - sinceMs < policy.cooldownSeconds * 1000) return undefined;
  const fresh = samples.filter(({ atMs }) => atMs > sinceMs);
  const recent = averageOf(fresh.filter(({ atMs }) => atMs > nowMs - SCALE_OUT_WINDOW_MS));
  if (recent === undefined) return undefined;
  const wanted = clamp(neededFor(recent, group.desired, policy.target));
  if (wanted > group.desired) return wanted;
  if (wanted === group.desired) return undefined;
  const steadyMs = nowMs - Math.max(sinceMs, policy.setAtMs);
  if (steadyMs < windowMs(policy)) return undefined;
  const busiest = clamp(
    neededFor(busiestMinute(fresh, nowMs - windowMs(policy)), group.desired, policy.target),
  );
  return busiest < group.desired ? busiest : undefined;
}

function neededFor(load: number, desired: number, target: number): number {
  // A group of none has no load to speak of: the first request for it makes the first machine.
  if (desired === 0) return load > 0 ? 1 : 0;
  if (Math.abs(load - target) <= target * TOLERANCE) return desired;
  // What binary fractions add far behind the point is no machine.
  return Math.ceil(Number(((desired * load) / target).toFixed(6)));
}

function clampTo(policy: ScalingPolicy, group: InstanceGroupSpec, count: number): number {
  const low = Math.max(policy.min, group.min);
  const high = Math.min(policy.max, group.max);
  return Math.min(Math.max(count, low), high);
}

function busiestMinute(samples: readonly LoadSample[], fromMs: EpochMs): number {
  const minutes = Map.groupBy(
    samples.filter(({ atMs }) => atMs > fromMs),
    ({ atMs }) => Math.floor(atMs / MINUTE_MS),
  );
  return Math.max(0, ...Array.from(minutes.values(), (minute) => averageOf(minute) ?? 0));
}

function averageOf(samples: readonly LoadSample[]): number | undefined {
  if (samples.length === 0) return undefined;
  return samples.reduce((sum, { value }) => sum + value, 0) / samples.length;
}
