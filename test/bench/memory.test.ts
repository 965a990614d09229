import { trendOf } from "../../scripts/soak/memory.ts";

test.each([
  ["that grows", [280, 282, 284, 286, 288], 2, 0],
  ["that scatters", [280, 281, 280, 281, 280], 0, 0.2],
])("a heap %s has its slope a minute, and how sure it is", (_how, heaps, mibAMinute, errorMibAMinute) => {
  const samples = heaps.map((heapMiB, minute) => {
    return { atMs: minute * 60_000, heapMiB, rssMiB: 700, ownRssMiB: 500, databaseRssMiB: 400 };
  });
  const trend = trendOf(samples, "heapMiB");
  expect(trend.mibAMinute).toBeCloseTo(mibAMinute, 9);
  expect(trend.errorMibAMinute).toBeCloseTo(errorMibAMinute, 9);
});
