import { randomUUID } from "node:crypto";
import { ATTO_PER_UNIT } from "../../../lib/decimal.ts";
import type { IncomingEvent } from "../../../lib/usage/check-event.ts";
import { BUILT_IN_DEFINITIONS } from "../../../lib/usage/meter-catalog.ts";
import type { RecordUsageDeps } from "../../../lib/usage/record-usage.ts";
import { rollUpUsage } from "../../../lib/usage/roll-up-usage.ts";
import { countUnits } from "../../support/count-units.ts";
import { createTables, localClient } from "../../support/dynamodb-local.ts";

const tables = await createTables(`t-${randomUUID()}`);
process.env["BILLING_TABLE"] = tables.billing;
process.env["SESSIONS_TABLE"] = tables.sessions;
const { usageEventTable } = await import("../../../lib/aws/usage-event-table.ts");
const { openSeriesTable } = await import("../../../lib/aws/open-series-table.ts");
const { rollUpTable } = await import("../../../lib/aws/roll-up-table.ts");
const { usageHistory } = await import("../../../lib/aws/usage-history.ts");
const { attachmentTable } = await import("../../../lib/aws/attachment-table.ts");
const { recordUsage } = await import("../../../lib/usage/record-usage.ts");
const client = localClient();
const units = countUnits(client);
afterAll(() => client.destroy());

const HOUR = 3_600_000;
const TENANT = "ten_00000000000000000000000001";
const START = Date.UTC(2026, 10, 24, 10);
const session = {
  sessionId: "ses_1",
  userId: "usr_1",
  startedAtMs: START,
  endedAtMs: null,
  isImported: false,
};
let nowMs = START + HOUR / 2;

const history = usageHistory(
  {
    attachments: attachmentTable(client),
    lives: { find: async () => [session], keep: async () => undefined },
  },
  client,
);
const deps: RecordUsageDeps = {
  events: usageEventTable(client),
  openSeries: openSeriesTable(client),
  history,
  meteredResources: { find: async (_tenantId, ids) => new Map(ids.map((id) => [id, {}])) },
  catalog: { definitions: async () => BUILT_IN_DEFINITIONS },
  now: () => nowMs,
};

let count = 0;

/** What a hundred events that are spread evenly over so many resources cost. */
async function costOfHundred(resources: number): Promise<ReturnType<typeof units.taken>> {
  const events = Array.from({ length: 100 }, (_, place): IncomingEvent => {
    count += 1;
    const resourceId = `res_${String(place % resources).padStart(26, "0")}`;
    const of = { resourceId, sessionId: session.sessionId, meter: "network" };
    return {
      source: "/agents/eu-central-1/7",
      id: randomUUID(),
      ...of,
      atMs: nowMs - count,
      value: ATTO_PER_UNIT,
    };
  });
  units.taken();
  const outcomes = await recordUsage(deps, {
    ...{ tenantId: TENANT, requestId: `req_${count}`, activityId: `act_${"0".repeat(26)}` },
    events: events.map((event, index) => ({ index, event })),
  });
  expect(outcomes.every(({ is }) => is === "accepted")).toBe(true);
  return units.taken();
}

test("an event costs two write units, and each series one more in a quarter of an hour", async () => {
  expect(await costOfHundred(10)).toMatchObject({ calls: 111, writeUnits: 210 });
  nowMs += 60_000;
  expect(await costOfHundred(10)).toEqual({ calls: 101, readUnits: 10, writeUnits: 200 });
  expect(await costOfHundred(1)).toEqual({ calls: 101, readUnits: 1, writeUnits: 200 });
});

test("an event that comes again costs one write unit", async () => {
  const event: IncomingEvent = {
    ...{
      source: "/agents/7",
      id: "again",
      resourceId: "res_1",
      sessionId: session.sessionId,
      meter: "network",
    },
    ...{ atMs: nowMs - 1, value: 1n },
  };
  const request = {
    tenantId: TENANT,
    requestId: "req_a",
    activityId: "act_a",
    events: [{ index: 0, event }],
  };
  await recordUsage(deps, request);
  units.taken();
  await recordUsage(deps, { ...request, requestId: "req_b" });
  // A refused write costs what it would have written to the table, and nothing of the index.
  expect(units.taken().writeUnits).toBe(1);
});

test("a series costs four write units for an hour that is rolled up: its own row and the day's, together", async () => {
  nowMs = START + 3 * HOUR;
  const rollUp = () =>
    rollUpUsage({
      ...deps,
      history,
      openSeries: openSeriesTable(client),
      rollUps: rollUpTable(client),
      onError: (_series, cause) => {
        throw cause;
      },
    });
  units.taken();
  const { open } = await rollUp();
  const { writeUnits } = units.taken();
  expect(open).toBe(11);
  expect(writeUnits).toBe(4 * 11);
  await rollUp();
  expect(units.taken().writeUnits).toBe(0);
});
