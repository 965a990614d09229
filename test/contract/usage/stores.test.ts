import { randomUUID } from "node:crypto";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { Trail } from "../../../lib/activity/trail.ts";
import { ATTO_PER_UNIT } from "../../../lib/decimal.ts";
import { parseRfc3339 } from "../../../lib/time.ts";
import type { UsageRow } from "../../../lib/usage/usage.ts";
import type { UsageEvent } from "../../../lib/usage/usage-event.ts";
import type { LateChanges } from "../../../lib/usage/usage-source.ts";
import type {
  OpenSeriesStore,
  RollUpStore,
  UsageEventStore,
  UsageHistory,
} from "../../../lib/usage/usage-store.ts";
import { createTables, localClient } from "../../support/dynamodb-local.ts";
import { fakeUsage } from "../../support/fake-usage.ts";

const tables = await createTables(`t-${randomUUID()}`);
process.env["BILLING_TABLE"] = tables.billing;
process.env["ACTIVITY_TABLE"] = tables.activity;
process.env["SESSIONS_TABLE"] = tables.sessions;
const { usageEventTable } = await import("../../../lib/aws/usage-event-table.ts");
const { openSeriesTable } = await import("../../../lib/aws/open-series-table.ts");
const { rollUpTable } = await import("../../../lib/aws/roll-up-table.ts");
const { usageHistory } = await import("../../../lib/aws/usage-history.ts");
const { attachmentTable } = await import("../../../lib/aws/attachment-table.ts");
const client = localClient();
afterAll(() => client.destroy());

interface Stores {
  readonly events: UsageEventStore;
  readonly openSeries: OpenSeriesStore;
  readonly history: Pick<UsageHistory, "events">;
  readonly rollUps: RollUpStore & LateChanges;
}

function tableStores(): Stores {
  const lives = { find: async () => [], keep: async () => undefined };
  return {
    events: usageEventTable(client),
    openSeries: openSeriesTable(client),
    history: usageHistory({ attachments: attachmentTable(client), lives }, client),
    rollUps: rollUpTable(client),
  };
}

const HOUR = 3_600_000;
const at = (clock: string) => parseRfc3339(`2026-11-24T${clock}Z`, "/");
const DAY = { startAtMs: at("00:00:00"), endAtMs: at("00:00:00") + 24 * HOUR };

let count = 0;
const tenant = () => {
  count += 1;
  return `ten_${count}`;
};

const reading = (
  tenantId: string,
  id: string,
  clock: string,
  changes: Partial<UsageEvent> = {},
): UsageEvent => ({
  ...{ tenantId, source: "/agents/1", id, kind: "gauge", resourceId: "vm-1", meter: "cpu" },
  atMs: at(clock),
  value: 2n * ATTO_PER_UNIT,
  activityId: "act_1",
  ...changes,
});

/** Its record is of the tenant that it is made for, and has an id of its own. */
const trailOf = (tenantId: string): Trail => {
  const record = { id: `act_${randomUUID()}`, tenantId, actor: { type: "user", id: "usr_1", name: "A" } };
  return {
    ...({} as Trail),
    record: () => ({ ...record, timeMs: 0, receivedAtMs: 0 }) as unknown as ReturnType<Trail["record"]>,
    retentionDays: () => 1,
    committed: () => undefined,
  };
};

describe.each([
  ["in memory", (): Stores => fakeUsage({ now: () => at("12:00:00") })],
  ["in DynamoDB", tableStores],
])("usage %s", (_where, create) => {
  const { events, openSeries, history, rollUps } = create();
  const series = (tenantId: string, resourceId = "vm-1", meter = "cpu") => ({ tenantId, resourceId, meter });

  describe("an event", () => {
    test("is added once under its source and id, and found by them", async () => {
      const event = reading(tenant(), "e#1 ü", "10:00:00", { value: 1n, sessionId: "s1" });
      expect(await events.add(event, "req_1")).toEqual({ is: "added" });
      expect(await events.add(event, "req_1")).toEqual({ is: "added" });
      expect(await events.add({ ...event, value: 2n }, "req_2")).toMatchObject({
        is: "there",
        before: event,
      });
      expect(await events.add({ ...event, source: "/agents/2" }, "req_2")).toEqual({ is: "added" });
      const names = [event, event, { source: "/agents/1", id: "e2" }];
      expect(await events.find(event.tenantId, names)).toMatchObject([event]);
      expect(await events.find("ten_other", [event])).toEqual([]);
    });

    test("goes to one of fifty that add it at once", async () => {
      const tenantId = tenant();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, place) =>
          events.add(reading(tenantId, "e1", "10:00:00"), `req_${place}`),
        ),
      );
      expect(outcomes.filter(({ is }) => is === "added")).toHaveLength(1);
    });

    test("is in its series by time and id, a gauge's led by the readings of the instant before", async () => {
      const tenantId = tenant();
      const clocks = ["08:00:00", "09:00:00", "09:00:00", "10:00:00", "10:59:59.999", "11:00:00"];
      for (const [place, clock] of clocks.entries())
        await events.add(reading(tenantId, `e${place}`, clock), "r");
      await events.add(reading(tenantId, "x", "10:30:00", { resourceId: "vm-1#cpu", meter: "cpu" }), "r");
      await events.add(reading("ten_other", "x", "10:30:00"), "r");
      const period = { startAtMs: at("10:00:00"), endAtMs: at("11:00:00") };
      const ids = async (kind: UsageEvent["kind"]) =>
        (await history.events(series(tenantId), { kind, period })).map(({ id }) => id);
      expect(await ids("gauge")).toEqual(["e1", "e2", "e3", "e4"]);
      expect(await ids("counter")).toEqual(["e3", "e4"]);
    });

    test("that is void is kept and counts for nothing, the first reason stays", async () => {
      const tenantId = tenant();
      const [first, second] = [reading(tenantId, "e1", "09:00:00"), reading(tenantId, "e2", "09:30:00")];
      await events.add(first, "req_1");
      await events.add(second, "req_1");
      const voiding = { atMs: at("12:00:00"), reason: "wrong", activityId: "act_2" };
      await events.markVoid([second], voiding, trailOf(tenantId));
      await events.markVoid([second], { ...voiding, reason: "again" }, trailOf(tenantId));
      expect(await events.find(tenantId, [second])).toMatchObject([{ ...second, voided: voiding }]);
      const period = { startAtMs: at("10:00:00"), endAtMs: at("11:00:00") };
      expect(await history.events(series(tenantId), { kind: "gauge", period })).toMatchObject([{ id: "e1" }]);
    });
  });

  describe("an open series", () => {
    test("is what was announced, hour by hour, and each tenant's own", async () => {
      const tenantId = tenant();
      const touch = { ...series(tenantId), hourMs: at("10:00:00") };
      await openSeries.touch([touch], 1000);
      await openSeries.touch([touch, { ...touch, hourMs: at("09:00:00") }], 2000);
      await openSeries.touch([{ ...touch, resourceId: "vm-1#x" }], 2000);
      const [open] = await openSeries.find([touch, touch, series(tenantId, "vm-2")]);
      expect(open).toMatchObject({ ...series(tenantId), aliveSessionIds: [], version: 3 });
      expect(open?.dirty.toSorted((a, b) => a.hourMs - b.hourMs)).toEqual([
        { hourMs: at("09:00:00"), touchedAtMs: 2000 },
        { hourMs: at("10:00:00"), touchedAtMs: 2000 },
      ]);
      expect(await openSeries.ofTenant(tenantId)).toHaveLength(2);
      expect((await openSeries.ofTenant(tenantId, "vm-1")).map(({ resourceId }) => resourceId)).toEqual([
        "vm-1",
      ]);
      let ours = 0;
      for await (const one of openSeries.all()) ours += Number(one.tenantId === tenantId);
      expect(ours).toBe(2);
    });
  });

  describe("a step of the roll-up", () => {
    const holder = { sessionId: "s1", userId: "u1", startedAtMs: at("09:00:00") };
    const row = (changes: Partial<UsageRow> = {}): UsageRow => ({
      ...{ meter: "cpu", resourceId: "vm-1", holder, bucketStartAtMs: at("10:00:00"), whole: 10n ** 40n },
      ...changes,
    });
    const opened = async (tenantId: string) => {
      await openSeries.touch([{ ...series(tenantId), hourMs: at("10:00:00") }], 1000);
      const [open] = await openSeries.find([series(tenantId)]);
      if (open === undefined) throw new Error("The series is not open.");
      return open;
    };
    const dayOf = (tenantId: string, rows: readonly UsageRow[], dayStartMs = DAY.startAtMs) => ({
      ...{ ...series(tenantId), dayStartMs, aggregation: "gauge" as const, rows },
    });

    test("puts days and moves the series, all or nothing", async () => {
      const tenantId = tenant();
      const open = await opened(tenantId);
      const rows = [
        row(),
        row({ holder: null, bucketStartAtMs: at("11:00:00"), values: new Set([1n, 10n ** 38n]) }),
      ];
      const next = { ...open, rolledUpToMs: at("12:00:00"), dirty: [], aliveSessionIds: ["s1", "s2"] };
      expect(await rollUps.commit({ open, next, days: [dayOf(tenantId, rows)] })).toBe(true);
      expect(await openSeries.find([open])).toEqual([{ ...next, version: 2 }]);
      expect(await rollUps.daysOf(open, DAY)).toEqual([dayOf(tenantId, rows)]);
      expect(await rollUps.commit({ open, next, days: [dayOf(tenantId, [row({ whole: 1n })])] })).toBe(false);
      expect(await rollUps.daysOf(open, DAY)).toEqual([dayOf(tenantId, rows)]);
    });

    test("is refused when an event was announced meanwhile", async () => {
      const tenantId = tenant();
      const open = await opened(tenantId);
      await openSeries.touch([{ ...series(tenantId), hourMs: at("11:00:00") }], 2000);
      expect(await rollUps.commit({ open, next: undefined, days: [] })).toBe(false);
      expect(await openSeries.find([open])).toHaveLength(1);
    });

    test("takes away a day without rows, and a series of which nothing is open", async () => {
      const tenantId = tenant();
      const open = await opened(tenantId);
      await rollUps.commit({ open, next: open, days: [dayOf(tenantId, [row()])] });
      const moved = { ...open, version: 2 };
      expect(await rollUps.commit({ open: moved, next: undefined, days: [dayOf(tenantId, [])] })).toBe(true);
      expect(await openSeries.find([open])).toEqual([]);
      expect(await rollUps.daysOf(open, DAY)).toEqual([]);
    });

    test("fills up to ninety days, which are found by period, resource and tenant", async () => {
      const tenantId = tenant();
      const open = await opened(tenantId);
      const days = Array.from({ length: 90 }, (_, place) =>
        dayOf(tenantId, [row()], DAY.startAtMs - place * 24 * HOUR),
      );
      expect(await rollUps.commit({ open, next: open, days })).toBe(true);
      const november = { startAtMs: Date.UTC(2026, 10, 1), endAtMs: Date.UTC(2026, 11, 1) };
      expect(await rollUps.daysOf(open, november)).toHaveLength(24);
      expect(
        await rollUps.daysOfTenant(tenantId, { ...november, startAtMs: november.startAtMs - 1 }),
      ).toHaveLength(25);
      expect(await rollUps.daysOfTenant(tenantId, november, "vm-1")).toHaveLength(24);
      expect(await rollUps.daysOfTenant(tenantId, november, "vm")).toEqual([]);
      expect(await rollUps.daysOfTenant("ten_other", november)).toEqual([]);
    });
  });

  test("a late change is on the list until it is dealt with, unless the month changes again", async () => {
    const tenantId = tenant();
    const mine = async () => (await rollUps.all()).filter((change) => change.tenantId === tenantId);
    await rollUps.noteLate(tenantId, ["2026-09", "2026-10"]);
    const [september, october] = (await mine()).toSorted((a, b) => (a.month < b.month ? -1 : 1));
    await rollUps.noteLate(tenantId, ["2026-10"]);
    if (september !== undefined) await rollUps.dealtWith(september);
    if (october !== undefined) await rollUps.dealtWith(october);
    expect((await mine()).map(({ month }) => month)).toEqual(["2026-10"]);
  });
});

test("an event taken back in the table has the record of it beside it", async () => {
  const tenantId = tenant();
  const { events } = tableStores();
  const event = reading(tenantId, "e1", "10:00:00");
  await events.add(event, "req_1");
  const trail = trailOf(tenantId);
  await events.markVoid([event], { atMs: 0, reason: "wrong", activityId: "act_2" }, trail);
  const Key = { pk: { S: `${tenantId}#0` }, sk: { S: trail.record().id } };
  const { Item } = await client.send(new GetItemCommand({ TableName: tables.activity, Key }));
  expect(Item).toBeDefined();
});
