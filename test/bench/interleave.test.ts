import { interleaved, median } from "../../scripts/bench/interleave.ts";
import { table } from "../../scripts/bench/report.ts";

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
])("the median of %j is %d", (values, middle) => {
  expect(median(values)).toBe(middle);
});

test("contenders take turns, each first in its turn, and the middle of their repetitions counts", async () => {
  const turns: string[] = [];
  const contender = (name: string, msEach: number) => ({
    name,
    tookMs: async (times: number) => {
      turns.push(name);
      return times * msEach;
    },
  });
  const took = await interleaved([contender("quick", 1), contender("slow", 2)], { rounds: 4, roundMs: 1 });
  expect([...took]).toEqual([
    ["quick", 1_000_000],
    ["slow", 2_000_000],
  ]);
  expect(turns.slice(-8)).toEqual(["quick", "slow", "slow", "quick", "quick", "slow", "slow", "quick"]);
});

test("a row that does not reach its target says so", () => {
  const row = {
    name: "1. x",
    figure: "3",
    peer: null,
    ratio: null,
    target: "≤ 2",
    limit: "1",
    reached: false,
  };
  expect(table([row]).split("\n").at(-1)).toBe("| 1. x | 3 | — | — | ≤ 2 | 1 | **no** |");
});
