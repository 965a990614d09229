import { ATTO_PER_UNIT } from "../../../lib/decimal.ts";
import type { IncomingEvent } from "../../../lib/usage/check-event.ts";
import { SETTLING_MS } from "../../../lib/usage/open-series.ts";
import { fakeUsage } from "../../support/fake-usage.ts";
import { NO_TRAIL, player, rollUpNow, TENANT } from "./platform-runner.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);

/** One session of so many days that holds one machine, which is `events` long switched. */
function world(events: readonly Pick<IncomingEvent, "id" | "atMs" | "value">[], days = 200) {
  const commits: number[] = [];
  const clock = { nowMs: START };
  const usage = fakeUsage({
    now: () => clock.nowMs,
    around: async (name, call) => {
      if (name === "commit") commits.push(clock.nowMs);
      return call();
    },
  });
  const session = {
    sessionId: "s1",
    userId: "u1",
    startedAtMs: START,
    endedAtMs: START + days * DAY,
    isImported: true,
  };
  const deliveries = events.map((event) => ({
    atMs: event.atMs + 1,
    event: { ...event, source: "/simulator", resourceId: "r1", meter: "cpu" },
  }));
  const held = { resourceId: "r1", sessionId: "s1", fromAtMs: START, toAtMs: null };
  const platform = { endMs: 0, sessions: [session], attachments: [held], voids: [], deliveries };
  return { clock, usage, commits, ...player(usage, platform, clock) };
}

const on = { id: "e1", atMs: START, value: ATTO_PER_UNIT };

test("a stretch of many months is rolled up in steps, each of which is right by itself", async () => {
  const { clock, usage, commits, playUntil } = world([on]);
  await playUntil(START + 250 * DAY);
  expect(await rollUpNow(usage, clock)).toEqual([]);
  const rows = usage.storedRows(TENANT);
  expect(rows).toHaveLength(200 * 24);
  expect(rows.every(({ whole, holder }) => whole === ATTO_PER_UNIT * BigInt(HOUR) && holder !== null)).toBe(
    true,
  );
  expect(commits).toHaveLength(3);
});

test("what nobody holds any more is not stored hour by hour, and is shown all the same", async () => {
  const { clock, usage, playUntil } = world([on], 1);
  await playUntil(START + 300 * DAY);
  await rollUpNow(usage, clock);
  expect(usage.storedRows(TENANT)).toHaveLength(24);
  const { readUsage } = await import("../../../lib/usage/read-usage.ts");
  const rows = await readUsage(
    { ...usage, now: () => clock.nowMs },
    {
      tenantId: TENANT,
      period: { startAtMs: START, endAtMs: clock.nowMs },
      meters: new Map([["cpu", "gauge"]]),
      bucket: "period",
    },
  );
  const unattributed = rows.filter(({ holder }) => holder === null).map(({ whole }) => whole);
  expect(unattributed).toEqual([ATTO_PER_UNIT * BigInt(299 * DAY)]);
});

test("a reading that is taken back long after takes its hours with it, however many", async () => {
  const off = { id: "e2", atMs: START + 150 * DAY, value: 0n };
  const { clock, usage, playUntil } = world([on, off], 160);
  await playUntil(START + 170 * DAY);
  await rollUpNow(usage, clock);
  expect(usage.storedRows(TENANT)).toHaveLength(150 * 24);
  expect(usage.openCount()).toBe(0);
  await usage.openSeries.touch(
    [{ tenantId: TENANT, resourceId: "r1", meter: "cpu", hourMs: START }],
    clock.nowMs,
  );
  const event = {
    tenantId: TENANT,
    kind: "gauge" as const,
    source: "/simulator",
    resourceId: "r1",
    meter: "cpu",
  };
  const voided = { atMs: clock.nowMs, reason: "wrong", activityId: "act_1" };
  await usage.events.markVoid([{ ...event, ...on }], voided, NO_TRAIL);
  clock.nowMs += SETTLING_MS;
  expect(await rollUpNow(usage, clock)).toEqual([]);
  expect(usage.storedRows(TENANT)).toEqual([]);
  expect(usage.openCount()).toBe(0);
});

test("what changes within the last twenty minutes is left to settle", async () => {
  const { clock, usage, playUntil } = world([on], 200);
  await playUntil(START + HOUR + SETTLING_MS - 1);
  await rollUpNow(usage, clock);
  expect(usage.storedRows(TENANT)).toEqual([]);
  clock.nowMs += 1;
  await rollUpNow(usage, clock);
  expect(usage.storedRows(TENANT)).toHaveLength(1);
});

test("an end that nobody had written may be dated back, and takes what was rolled up after it along", async () => {
  const { clock, usage, playUntil } = world([on]);
  await playUntil(START + 8 * HOUR);
  const unnoticed = { ...known(usage), endedAtMs: START + 5 * HOUR, isEndOpen: true };
  usage.sessions.set("s1", unnoticed);
  await rollUpNow(usage, clock);
  expect(usage.storedRows(TENANT)).toHaveLength(5);
  expect(usage.kept.size).toBe(0);
  const { isEndOpen: _open, ...written } = unnoticed;
  usage.sessions.set("s1", { ...written, endedAtMs: START + 3 * HOUR });
  expect(await rollUpNow(usage, clock)).toEqual([]);
  expect(usage.storedRows(TENANT).filter(({ holder }) => holder !== null)).toHaveLength(3);
  expect(usage.kept.get("s1")?.endedAtMs).toBe(START + 3 * HOUR);
});

function known({ sessions }: ReturnType<typeof world>["usage"]) {
  const session = sessions.get("s1");
  if (session === undefined) throw new Error("There is no session s1.");
  return session;
}
