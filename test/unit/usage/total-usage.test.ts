import { ATTO_PER_UNIT } from "../../../lib/decimal.ts";
import { findConflicts } from "../../../lib/usage/find-conflicts.ts";
import { groupUsage } from "../../../lib/usage/group-usage.ts";
import { meterUsage } from "../../../lib/usage/meter-usage.ts";
import { totalUsage } from "../../../lib/usage/total-usage.ts";
import { at, attachment, count, cpu, DAY, METERS, session } from "./builders.ts";

const rows = meterUsage({
  period: DAY,
  meters: METERS,
  bucket: "hour",
  sessions: [
    session("b", "10:00:00", "12:00:00"),
    session("a", "10:00:00", null),
    session("c", "09:00:00", null),
  ],
  attachments: [attachment("r1", "b", { from: "10:00:00" }), attachment("r2", "c", { from: "10:00:00" })],
  gauges: [
    cpu("r1", "11:00:00", 2),
    cpu("r1", "13:00:00", 0),
    cpu("r2", "10:30:00", 1),
    cpu("r2", "11:00:00", 0),
  ],
  counters: [
    count("1", { meter: "peak", sessionId: "a", clock: "10:00:00", amount: 3 }),
    count("2", { meter: "peak", sessionId: "b", clock: "11:00:00", amount: 5 }),
    count("3", { meter: "visitors", sessionId: "a", clock: "10:00:00", amount: 1 }),
    count("4", { meter: "visitors", sessionId: "a", clock: "11:00:00", amount: 1 }),
    count("5", { meter: "visitors", sessionId: "b", clock: "11:00:00", amount: 1 }),
    count("6", { meter: "visitors", sessionId: "b", clock: "11:00:00", amount: 2 }),
  ],
});

/** One vCPU for one hour, in whole units. */
const VCPU_HOUR = 3_600_000n * ATTO_PER_UNIT;

describe("a total", () => {
  const totals = totalUsage(rows, METERS);

  test("lists sessions by their start and then their id, and what nobody used apart", () => {
    expect(totals.get("cpu")).toEqual({
      meter: "cpu",
      perUnit: VCPU_HOUR,
      whole: (5n * VCPU_HOUR) / 2n,
      sessions: [
        { sessionId: "c", userId: "user-of-c", startedAtMs: at("09:00:00"), whole: VCPU_HOUR / 2n },
        { sessionId: "b", userId: "user-of-b", startedAtMs: at("10:00:00"), whole: 2n * VCPU_HOUR },
      ],
      unattributed: 2n * VCPU_HOUR,
    });
  });

  test("of a maximum is the greatest of all, beside each session's own", () => {
    expect(totals.get("peak")).toMatchObject({
      whole: 5n * ATTO_PER_UNIT,
      sessions: [
        { sessionId: "a", whole: 3n * ATTO_PER_UNIT },
        { sessionId: "b", whole: 5n * ATTO_PER_UNIT },
      ],
    });
  });

  test("counts a value once in all, once in each session, and over any number of hours", () => {
    expect(totals.get("visitors")).toMatchObject({
      perUnit: 1n,
      whole: 2n,
      sessions: [
        { sessionId: "a", whole: 1n },
        { sessionId: "b", whole: 2n },
      ],
    });
  });

  test("has no entry for a meter without usage", () => {
    expect(totals.has("network")).toBe(false);
  });
});

describe("grouping", () => {
  const cpuBy = (...[by]: [Parameters<typeof groupUsage>[2]]) =>
    groupUsage(rows, METERS, by)
      .filter(({ meter }) => meter === "cpu")
      .map(({ key, whole, unattributed }) => [
        key,
        Number((whole * 2n) / VCPU_HOUR) / 2,
        Number(unattributed / VCPU_HOUR),
      ]);

  test("by meter", () => expect(cpuBy("meter")).toEqual([["cpu", 2.5, 2]]));

  test("by resource", () =>
    expect(cpuBy("resource")).toEqual([
      ["r1", 2, 2],
      ["r2", 0.5, 0],
    ]));

  test("by session, with nobody's last", () =>
    expect(cpuBy("session")).toEqual([
      ["b", 2, 0],
      ["c", 0.5, 0],
      [null, 0, 2],
    ]));

  test("by user, with nobody's last", () =>
    expect(cpuBy("user")).toEqual([
      ["user-of-b", 2, 0],
      ["user-of-c", 0.5, 0],
      [null, 0, 2],
    ]));

  test("by hour, in the order of time", () =>
    expect(cpuBy("hour")).toEqual([
      [at("10:00:00"), 0.5, 0],
      [at("11:00:00"), 2, 0],
      [at("12:00:00"), 0, 2],
    ]));
});

describe("an id that comes again", () => {
  const event = count("1", { meter: "network", sessionId: "s1", clock: "10:00:00", amount: 1 });

  test("is no conflict with the same content, in whatever order its fields are", () => {
    const { amount, ...rest } = event;
    expect(findConflicts([event, { amount, ...rest }], ({ id }) => id)).toEqual([]);
  });

  test("is a conflict with another content, at each place but the first", () => {
    const other = { ...event, amount: 2n };
    expect(findConflicts([event, other, event, other], ({ id }) => id)).toEqual([1, 3]);
  });
});
