import { describe, expect, test } from "@jest/globals";
import { type LoadSample, nextDesired, type ScalingPolicy } from "../../../lib/resource/scaling-rule.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

const policy: ScalingPolicy = {
  metric: "cpu",
  target: 50,
  min: 1,
  max: 10,
  cooldownSeconds: 60,
  by: { sessionId: "ses_a", userId: "usr_a", requestId: "req_a", ip: "203.0.113.7", userAgent: "" },
  setAtMs: NOW - 60 * MINUTE,
};

const group = { template: { vcpus: 1, memoryGiB: 1, image: "i" }, desired: 4, min: 0, max: 100 };

/** Samples of one value, one a minute, from so many minutes ago until now. */
function load(value: number, minutesAgo = 0): LoadSample[] {
  return Array.from({ length: minutesAgo + 1 }, (_, minute) => ({ atMs: NOW - minute * MINUTE, value }));
}

const decide = (
  samples: readonly LoadSample[],
  change: { readonly policy?: Partial<ScalingPolicy>; readonly group?: Partial<typeof group> } = {},
) =>
  nextDesired(
    { policy: { ...policy, ...change.policy }, group: { ...group, ...change.group } },
    samples,
    NOW,
  );

describe("growing", () => {
  test.each([
    [56, 5],
    [75, 6],
    [100, 8],
    [101, 9],
    [1000, 10],
  ])("at a load of %d makes four machines %d", (value, desired) => {
    expect(decide(load(value))).toBe(desired);
  });

  test("leaves a load within a tenth of the target alone", () => {
    expect(decide(load(55))).toBeUndefined();
    expect(decide(load(45, 60))).toBeUndefined();
  });

  test("goes by the average of the last two minutes", () => {
    expect(
      decide([
        { atMs: NOW - 119_999, value: 100 },
        { atMs: NOW, value: 50 },
        { atMs: NOW - 120_000, value: 10_000 },
      ]),
    ).toBe(6);
  });

  test("does nothing without samples", () => {
    expect(decide([])).toBeUndefined();
    expect(decide([{ atMs: NOW - 10 * MINUTE, value: 1000 }])).toBeUndefined();
  });

  test("waits for a cooldown after the last step, and goes by what came since", () => {
    expect(decide(load(100), { policy: { lastStepAtMs: NOW - 59_999 } })).toBeUndefined();
    expect(decide(load(100), { policy: { lastStepAtMs: NOW - 60_000 } })).toBe(8);
    const before = [{ atMs: NOW - 60_000, value: 1000 }];
    expect(decide(before, { policy: { lastStepAtMs: NOW - 60_000 } })).toBeUndefined();
  });

  test("begins from none with the first load", () => {
    expect(decide(load(1), { policy: { min: 0 }, group: { desired: 0 } })).toBe(1);
    expect(decide(load(0), { policy: { min: 0 }, group: { desired: 0 } })).toBeUndefined();
  });
});

describe("shrinking", () => {
  test("waits for five minutes of low load, where growing waits for none", () => {
    const lately = { setAtMs: NOW - 5 * MINUTE + 1 };
    expect(decide(load(10, 4), { policy: lately })).toBeUndefined();
    expect(decide(load(100, 4), { policy: lately })).toBe(8);
    expect(decide(load(10, 4), { policy: { setAtMs: NOW - 5 * MINUTE } })).toBe(1);
  });

  test("waits for three cooldowns since the last step", () => {
    const slow = { cooldownSeconds: 200 };
    expect(decide(load(10, 9), { policy: { ...slow, lastStepAtMs: NOW - 599_999 } })).toBeUndefined();
    expect(decide(load(10, 9), { policy: { ...slow, lastStepAtMs: NOW - 600_000 } })).toBe(1);
  });

  test("keeps what the busiest minute of that time needed", () => {
    const samples = [...load(10, 4), { atMs: NOW - 4 * MINUTE, value: 60 }];
    // That minute's average is 35: three machines of four.
    expect(decide(samples)).toBe(3);
  });
});

describe("the bounds", () => {
  test("of the policy hold", () => {
    expect(decide(load(1000))).toBe(10);
    expect(decide(load(0, 60), { policy: { min: 2 } })).toBe(2);
  });

  test("of the group hold as well", () => {
    expect(decide(load(1000), { group: { max: 6 } })).toBe(6);
    expect(decide(load(0, 60), { group: { min: 3 } })).toBe(3);
  });

  test("are gone back to at once, whatever the load says", () => {
    expect(decide([], { group: { desired: 20 } })).toBe(10);
    expect(decide([], { policy: { min: 6, lastStepAtMs: NOW } })).toBe(6);
  });
});
