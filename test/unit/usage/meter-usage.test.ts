import { ATTO_PER_UNIT } from "../../../lib/decimal.ts";
import { parseRfc3339 } from "../../../lib/time.ts";
import { type MeteringInput, meterUsage } from "../../../lib/usage/meter-usage.ts";
import { BUILT_IN_METERS, type UsageRow, wholeUnitsPerUnit } from "../../../lib/usage/usage.ts";
import { at, attachment, count, cpu, DAY, METERS, session } from "./builders.ts";

const meter = (events: Partial<MeteringInput>) =>
  meterUsage({
    period: DAY,
    meters: METERS,
    sessions: [],
    attachments: [],
    gauges: [],
    counters: [],
    bucket: "period",
    ...events,
  });

/** What each session got, in minutes of one vCPU. */
const vcpuMinutes = (rows: readonly UsageRow[]) =>
  Object.fromEntries(
    rows.map(({ holder, whole }) => [holder?.sessionId ?? "nobody", Number(whole / ATTO_PER_UNIT) / 60_000]),
  );

describe("a gauge", () => {
  test("is weighted by time up to the end of the session: the contract's 3 vCPU-hours", () => {
    const rows = meter({
      sessions: [session("s1", "09:30:00", "10:40:00")],
      attachments: [attachment("r1", "s1", { from: "09:30:00" })],
      gauges: [cpu("r1", "09:30:00", 2), cpu("r1", "10:20:00", 4), cpu("r1", "11:00:00", 0)],
    });
    expect(rows).toEqual([
      {
        meter: "cpu",
        resourceId: "r1",
        holder: { sessionId: "s1", userId: "user-of-s1", startedAtMs: at("09:30:00") },
        bucketStartAtMs: DAY.startAtMs,
        whole: 3n * wholeUnitsPerUnit("gauge"),
      },
      expect.objectContaining({ holder: null, whole: 80n * 60_000n * ATTO_PER_UNIT }),
    ]);
  });

  test("brings the level from before the period in, and not the time", () => {
    const rows = meter({
      period: { startAtMs: at("10:00:00"), endAtMs: at("11:00:00") },
      sessions: [session("s1", "08:00:00", null)],
      attachments: [attachment("r1", "s1", { from: "08:00:00" })],
      gauges: [cpu("r1", "07:00:00", 8), cpu("r1", "08:00:00", 2)],
    });
    expect(vcpuMinutes(rows)).toEqual({ s1: 120 });
  });

  test.each([
    { order: "given first", ids: ["a", "b"] },
    { order: "given last", ids: ["b", "a"] },
  ])("holds the level of the greater id of two readings at one instant, $order", ({ ids }) => {
    const levels: Record<string, number> = { a: 1, b: 3 };
    const rows = meter({
      sessions: [session("s1", "10:00:00", "11:00:00")],
      attachments: [attachment("r1", "s1", { from: "10:00:00" })],
      gauges: [...ids.map((id) => cpu("r1", "10:00:00", levels[id] ?? 0, id)), cpu("r1", "11:00:00", 0)],
    });
    expect(vcpuMinutes(rows)).toEqual({ s1: 180 });
  });

  test("of a resource that nobody holds is shown without a holder", () => {
    const rows = meter({ gauges: [cpu("r1", "23:00:00", 1)] });
    expect(vcpuMinutes(rows)).toEqual({ nobody: 60 });
  });

  test("of a meter that is unknown, or no gauge, is not metered", () => {
    const reading = cpu("r1", "10:00:00", 1);
    expect(
      meter({
        gauges: [
          { ...reading, meter: "gpu" },
          { ...reading, meter: "network" },
        ],
      }),
    ).toEqual([]);
  });
});

describe("a resource that several sessions hold", () => {
  const gauges = [cpu("r1", "10:00:00", 1), cpu("r1", "12:00:00", 0)];

  test("belongs to the one that attached first, and to the next when that one ends", () => {
    const rows = meter({
      gauges,
      sessions: [session("s1", "10:00:00", "11:30:00"), session("s2", "10:00:00", null)],
      attachments: [
        attachment("r1", "s2", { from: "10:10:00" }),
        attachment("r1", "s1", { from: "10:00:00" }),
      ],
    });
    expect(vcpuMinutes(rows)).toEqual({ s1: 90, s2: 30 });
  });

  test("goes by the time that was given, even from before the session and the period", () => {
    const rows = meter({
      period: { startAtMs: at("10:00:00"), endAtMs: at("12:00:00") },
      gauges,
      sessions: [session("s1", "09:00:00", null), session("s2", "11:00:00", null)],
      attachments: [
        attachment("r1", "s1", { from: "09:00:00" }),
        attachment("r1", "s2", { from: "08:00:00" }),
      ],
    });
    expect(vcpuMinutes(rows)).toEqual({ s1: 60, s2: 60 });
  });

  test("belongs to the one given first where both attached at one instant", () => {
    const sessions = [session("s1", "10:00:00", null), session("s2", "10:00:00", null)];
    const attachments = sessions.map(({ sessionId }) => attachment("r1", sessionId, { from: "10:00:00" }));
    expect(vcpuMinutes(meter({ gauges, sessions, attachments }))).toEqual({ s1: 120 });
    expect(vcpuMinutes(meter({ gauges, sessions, attachments: attachments.toReversed() }))).toEqual({
      s2: 120,
    });
  });

  test("is lost by detaching and won back by attaching again behind the one that stayed", () => {
    const rows = meter({
      gauges,
      sessions: [session("s1", "10:00:00", null), session("s2", "10:00:00", "11:45:00")],
      attachments: [
        attachment("r1", "s1", { from: "10:00:00", to: "10:30:00" }),
        attachment("r1", "s2", { from: "10:15:00" }),
        attachment("r1", "s1", { from: "10:40:00" }),
      ],
    });
    expect(vcpuMinutes(rows)).toEqual({ s1: 45, s2: 75 });
  });

  test("is held by no session that is unknown, over, or not begun", () => {
    const rows = meter({
      gauges,
      sessions: [session("over", "08:00:00", "09:00:00"), session("later", "13:00:00", null)],
      attachments: ["unknown", "over", "later"].map((id) => attachment("r1", id, { from: "08:00:00" })),
    });
    expect(vcpuMinutes(rows)).toEqual({ nobody: 120 });
  });
});

describe("a counter", () => {
  const sessions = [session("s1", "10:00:00", "11:00:00")];
  const used = (id: string, clock: string, amount: number, name = "network") =>
    count(id, { meter: name, sessionId: "s1", clock, amount });

  test("counts from the session's start to just before its end", () => {
    const counters = [
      used("1", "09:59:59.999", 1),
      used("2", "10:00:00.000", 10),
      used("3", "10:59:59.999", 100),
      used("4", "11:00:00.000", 1000),
    ];
    expect(meter({ sessions, counters })).toEqual([
      expect.objectContaining({ holder: null, whole: 1001n * ATTO_PER_UNIT }),
      expect.objectContaining({
        holder: expect.objectContaining({ sessionId: "s1" }),
        whole: 110n * ATTO_PER_UNIT,
      }),
    ]);
  });

  test("counts from the period's start to just before its end", () => {
    const period = { startAtMs: at("10:15:00"), endAtMs: at("10:30:00") };
    const counters = ["10:14:59.999", "10:15:00", "10:29:59.999", "10:30:00"].map((clock, place) =>
      used(clock, clock, 10 ** place),
    );
    expect(meter({ period, sessions, counters })).toEqual([
      expect.objectContaining({ whole: 110n * ATTO_PER_UNIT }),
    ]);
  });

  test("counts an id once, however often it comes", () => {
    const counters = [used("1", "10:10:00", 5), used("2", "10:10:00", 5), used("1", "10:10:00", 5)];
    expect(meter({ sessions, counters })).toEqual([expect.objectContaining({ whole: 10n * ATTO_PER_UNIT })]);
  });

  test.each([
    { name: "calls", whole: 3n },
    { name: "peak", whole: 7n * ATTO_PER_UNIT },
    { name: "visitors", whole: 2n, values: new Set([7n * ATTO_PER_UNIT, 2n * ATTO_PER_UNIT]) },
  ])("is aggregated as its meter says: $name", ({ name, ...expected }) => {
    const counters = [7, 2, 7].map((amount, place) => used(`${place}`, "10:10:00", amount, name));
    expect(meter({ sessions, counters })).toEqual([expect.objectContaining(expected)]);
  });

  test("of a session that is unknown has no holder", () => {
    const counters = [count("1", { meter: "network", sessionId: "gone", clock: "10:10:00", amount: 5 })];
    expect(meter({ sessions, counters })).toEqual([expect.objectContaining({ holder: null })]);
  });
});

test("U05 by the hour, usage falls into the UTC hour that it happened in", () => {
  const rows = meter({
    bucket: "hour",
    sessions: [session("s1", "09:59:59", null)],
    attachments: [attachment("r1", "s1", { from: "09:59:59" })],
    gauges: [cpu("r1", "09:59:59.999", 1), cpu("r1", "11:00:00.001", 0)],
    counters: [
      count("1", { meter: "network", sessionId: "s1", clock: "09:59:59.999", amount: 1 }),
      count("2", { meter: "network", sessionId: "s1", clock: "10:00:00.000", amount: 2 }),
    ],
  });
  expect(
    rows.map(({ meter, bucketStartAtMs, whole }) => [meter, bucketStartAtMs, whole / ATTO_PER_UNIT]),
  ).toEqual([
    ["cpu", at("09:00:00"), 1n],
    ["cpu", at("10:00:00"), 3_600_000n],
    ["cpu", at("11:00:00"), 1n],
    ["network", at("09:00:00"), 1n],
    ["network", at("10:00:00"), 2n],
  ]);
});

test.each([
  ["a leap day", "2028-02-29"],
  ["the day before it", "2028-02-28"],
  ["the day that has 23 hours in Europe", "2026-03-29"],
  ["the day that has 25 hours in Europe", "2026-10-25"],
  ["the day that has 23 hours in America", "2026-03-08"],
])("U05 %s has 24 UTC hours of one hour each", (_what, day) => {
  const startAtMs = parseRfc3339(`${day}T00:00:00Z`, "/");
  const endAtMs = startAtMs + 86_400_000;
  const rows = meter({
    period: { startAtMs, endAtMs },
    bucket: "hour",
    sessions: [{ sessionId: "s1", userId: "u1", startedAtMs: startAtMs - 1, endedAtMs: null }],
    attachments: [{ resourceId: "r1", sessionId: "s1", fromAtMs: startAtMs - 1, toAtMs: null }],
    gauges: [{ id: "1", resourceId: "r1", meter: "cpu", atMs: startAtMs - 1, level: ATTO_PER_UNIT }],
  });
  expect(rows.map(({ bucketStartAtMs, whole }) => [bucketStartAtMs, whole / ATTO_PER_UNIT])).toEqual(
    Array.from({ length: 24 }, (_, hour) => [startAtMs + hour * 3_600_000, 3_600_000n]),
  );
});

test("cpu, memory and storage are gauges, network is a sum", () => {
  expect([...BUILT_IN_METERS]).toEqual([
    ["cpu", "gauge"],
    ["memory", "gauge"],
    ["storage", "gauge"],
    ["network", "sum"],
  ]);
});
