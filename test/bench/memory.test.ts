import { leastOfSpans, type MemorySample, trendOf } from "../../scripts/soak/memory.ts";

/** Five minutes, a sample every 5 s: what stays, and on top of it what is under way, of which every sixth sample has none. */
function samples(mibAMinute: number): readonly MemorySample[] {
  return Array.from({ length: 60 }, (_, at) => {
    const heapMiB = 280 + (mibAMinute * at) / 12 + ((at * 7) % 6) * 9;
    return { atMs: at * 5000, heapMiB, rssMiB: 700, ownRssMiB: 500, databaseRssMiB: 400 };
  });
}

test.each([0, 2])("growth of %d MiB a minute is told from what is under way", (mibAMinute) => {
  const trend = trendOf(leastOfSpans(samples(mibAMinute), "heapMiB"), "heapMiB");
  expect(trend.mibAMinute).toBeCloseTo(mibAMinute, 6);
  expect(trend.errorMibAMinute).toBeLessThan(0.001);
});
