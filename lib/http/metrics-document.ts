import * as z from "zod";
import type { LatencySummary } from "../activity/latency-histogram.ts";
import { toRfc3339 } from "../time.ts";

/** What is told of how often and how fast something was done (contract section 8). */
export const LatencyFigures = {
  count: z.int(),
  errors: z.int(),
  denied: z.int(),
  p50Ms: z.number().describe("Exact to 1 %, as the others"),
  p95Ms: z.number(),
  p99Ms: z.number(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
};

const Figures = z.object(LatencyFigures);

/** Shows the figures. */
export function latencyFigures({
  firstAtMs,
  lastAtMs,
  ...figures
}: LatencySummary): z.output<typeof Figures> {
  const { count, errors, denied, p50Ms, p95Ms, p99Ms } = figures;
  const times = { firstAt: toRfc3339(firstAtMs), lastAt: toRfc3339(lastAtMs) };
  return { count, errors, denied, p50Ms, p95Ms, p99Ms, ...times };
}
