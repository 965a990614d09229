import * as z from "zod";
import { SCALING_METRICS, type ScalingPolicy } from "../../lib/resource/scaling-rule.ts";
import { toRfc3339 } from "../../lib/time.ts";

const Count = z.int().min(0).max(1000);

/** The body of `PUT /v1/resources/{id}/scaling`. */
export const ScalingBody = z
  .strictObject({
    metric: z.enum(SCALING_METRICS),
    target: z
      .number()
      .positive()
      .max(1_000_000_000)
      .meta({ description: "What the average load of one machine should be." }),
    min: Count,
    max: Count,
    cooldownSeconds: z.int().min(0).max(86_400).default(300),
  })
  .refine(({ min, max }) => min <= max, { path: ["max"], message: "must not be below min" });

/** A scaling policy as the API shows it. */
export const ScalingDocument = z
  .object({
    metric: z.enum(SCALING_METRICS),
    target: z.number(),
    min: z.number(),
    max: z.number(),
    cooldownSeconds: z.number(),
    sessionId: z.string().optional().meta({ description: "The session that set it, whose steps these are." }),
    setAt: z.iso.datetime(),
    lastStepAt: z.iso.datetime().optional(),
    suspended: z
      .object({ reason: z.string(), at: z.iso.datetime() })
      .optional()
      .meta({ description: "Why it takes no more steps until it is set again." }),
  })
  .meta({ id: "ScalingPolicy" });

/** Shows a scaling policy. */
export function scalingDocument(policy: ScalingPolicy) {
  const { metric, target, min, max, cooldownSeconds, by, setAtMs, lastStepAtMs, suspended } = policy;
  return {
    ...{ metric, target, min, max, cooldownSeconds },
    ...(by.sessionId === undefined ? {} : { sessionId: by.sessionId }),
    setAt: toRfc3339(setAtMs),
    ...(lastStepAtMs === undefined ? {} : { lastStepAt: toRfc3339(lastStepAtMs) }),
    ...(suspended === undefined
      ? {}
      : { suspended: { reason: suspended.reason, at: toRfc3339(suspended.atMs) } }),
  };
}
