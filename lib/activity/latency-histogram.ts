import type { EpochMs } from "../time.ts";
import type { ActivityRecord } from "./activity.ts";

/**
 * How often and how fast something was done, as a histogram with logarithmic buckets (DDSketch, VLDB 2019):
 * small whatever the count, mergeable in any order, and exact to 1 % at every quantile from 1 µs to 30 days.
 * JSON.
 */
export interface LatencyHistogram {
  readonly count: number;
  readonly errors: number;
  readonly denied: number;
  /** Counts by bucket, see `bucketOf`. */
  readonly buckets: Readonly<Record<string, number>>;
  readonly minMs: number;
  readonly maxMs: number;
  readonly firstAtMs: EpochMs;
  readonly lastAtMs: EpochMs;
}

/** What is shown of a histogram (contract section 8). */
export interface LatencySummary {
  readonly count: number;
  readonly errors: number;
  readonly denied: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly firstAtMs: EpochMs;
  readonly lastAtMs: EpochMs;
}

/** The relative error of a quantile. */
const RELATIVE_ERROR = 0.01;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
const SHORTEST_MS = 0.001;
const LONGEST_MS = 2_592_000_000;

/** The histogram of one record. */
export function histogramOf(
  record: Pick<ActivityRecord, "durationMs" | "outcome" | "timeMs">,
): LatencyHistogram {
  const { durationMs, outcome, timeMs } = record;
  return {
    count: 1,
    errors: outcome === "error" ? 1 : 0,
    denied: outcome === "denied" ? 1 : 0,
    buckets: { [bucketOf(durationMs)]: 1 },
    minMs: durationMs,
    maxMs: durationMs,
    firstAtMs: timeMs,
    lastAtMs: timeMs,
  };
}

/** Both put together, in either order. */
export function mergeHistograms(a: LatencyHistogram, b: LatencyHistogram): LatencyHistogram {
  const buckets: Record<string, number> = { ...a.buckets };
  for (const [bucket, count] of Object.entries(b.buckets)) buckets[bucket] = (buckets[bucket] ?? 0) + count;
  return {
    count: a.count + b.count,
    errors: a.errors + b.errors,
    denied: a.denied + b.denied,
    buckets,
    minMs: Math.min(a.minMs, b.minMs),
    maxMs: Math.max(a.maxMs, b.maxMs),
    firstAtMs: Math.min(a.firstAtMs, b.firstAtMs),
    lastAtMs: Math.max(a.lastAtMs, b.lastAtMs),
  };
}

/** The figures of a histogram. */
export function summaryOf(histogram: LatencyHistogram): LatencySummary {
  const { count, errors, denied, firstAtMs, lastAtMs } = histogram;
  return {
    count,
    errors,
    denied,
    p50Ms: quantileMs(histogram, 0.5),
    p95Ms: quantileMs(histogram, 0.95),
    p99Ms: quantileMs(histogram, 0.99),
    firstAtMs,
    lastAtMs,
  };
}

/** The bucket of a duration: those of bucket i are in (γ^(i-1), γ^i] ms, with γ = 1.01 / 0.99. */
export function bucketOf(durationMs: number): number {
  const bounded = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, durationMs));
  return Math.ceil(Math.log(bounded) / LOG_GAMMA);
}

/**
 * The duration that a share `q` of all is not longer than, by nearest rank, in ms to three decimals; never
 * outside of what was seen, so that one duration is its own quantile.
 */
export function quantileMs(histogram: LatencyHistogram, q: number): number {
  const rank = Math.max(1, Math.ceil(q * histogram.count));
  const sorted = Object.entries(histogram.buckets)
    .map(([bucket, count]) => ({ bucket: Number(bucket), count }))
    .sort((a, b) => a.bucket - b.bucket);
  let seen = 0;
  const holding = sorted.find(({ count }) => {
    seen += count;
    return seen >= rank;
  });
  if (holding === undefined) return histogram.maxMs;
  const middleMs = (2 * GAMMA ** holding.bucket) / (GAMMA + 1);
  return Math.round(Math.min(histogram.maxMs, Math.max(histogram.minMs, middleMs)) * 1000) / 1000;
}
