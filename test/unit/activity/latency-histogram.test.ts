import {
  bucketOf,
  histogramOf,
  mergeHistograms,
  quantileMs,
  summaryOf,
} from "../../../lib/activity/latency-histogram.ts";
import { fc } from "../../support/fast-check.ts";

const of = (durations: readonly number[]) =>
  durations
    .map((durationMs) => histogramOf({ durationMs, outcome: "success", timeMs: 1000 }))
    .reduce(mergeHistograms);

test("one record is its own quantiles", () => {
  expect(summaryOf(histogramOf({ durationMs: 12, outcome: "denied", timeMs: 1000 }))).toEqual({
    count: 1,
    errors: 0,
    denied: 1,
    p50Ms: 12,
    p95Ms: 12,
    p99Ms: 12,
    firstAtMs: 1000,
    lastAtMs: 1000,
  });
});

test("1 to 1000 ms have their quantiles within one per cent", () => {
  const histogram = of(Array.from({ length: 1000 }, (_, n) => n + 1));
  expect(summaryOf(histogram)).toMatchObject({ count: 1000, p50Ms: 497.779, p95Ms: 944.049, p99Ms: 982.578 });
  expect(Object.keys(histogram.buckets).length).toBeLessThan(300);
});

test("errors and refusals are counted apart, and times from the first to the last", () => {
  const merged = (["error", "denied", "success"] as const)
    .map((outcome, n) => histogramOf({ durationMs: 5, outcome, timeMs: 1000 * (n + 1) }))
    .reduce(mergeHistograms);
  expect(summaryOf(merged)).toMatchObject({
    count: 3,
    errors: 1,
    denied: 1,
    firstAtMs: 1000,
    lastAtMs: 3000,
  });
});

test("every quantile of any durations is within two per cent of the true one", () => {
  const duration = fc.double({ min: 0.001, max: 2_592_000_000, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(duration, { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (durations, q) => {
        const sorted = durations.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0;
        expect(Math.abs(quantileMs(of(durations), q) - exact)).toBeLessThanOrEqual(0.02 * exact + 0.0005);
      },
    ),
  );
});

test("it makes no difference how histograms are put together", () => {
  const parts = fc.array(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1 }), { minLength: 1 });
  fc.assert(
    fc.property(parts, (groups) => {
      const inParts = groups.map(of).toReversed().reduce(mergeHistograms);
      expect(inParts).toEqual(of(groups.flat()));
    }),
  );
});

test.each([0, -1, 0.000_000_1])("%p ms counts as the shortest there is", (durationMs) => {
  expect(bucketOf(durationMs)).toBe(bucketOf(0.001));
});

test("a histogram survives being JSON", () => {
  const histogram = of([1, 10, 100]);
  expect(JSON.parse(JSON.stringify(histogram))).toEqual(histogram);
});
