import { randomUUID } from "node:crypto";
import { type TransactWriteItem, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import type { ActivityRecord } from "../../lib/activity/activity.ts";
import { createTables, localClient } from "../support/dynamodb-local.ts";

const tables = await createTables(`t-${randomUUID()}`);
process.env["SESSIONS_TABLE"] = tables.sessions;
process.env["ACTIVITY_TABLE"] = tables.activity;
const { activityIntake } = await import("../../lib/aws/activity-intake.ts");
const { activityTable } = await import("../../lib/aws/activity-table.ts");
const { derivedId } = await import("../../lib/aws/ids.ts");
const client = localClient();
afterAll(() => client.destroy());

const AT = Date.UTC(2026, 2, 2, 9);

function recordOf(tenantId: string, id: string): ActivityRecord {
  return {
    id: derivedId("act", AT, `${tenantId}/${id}`),
    tenantId,
    timeMs: AT,
    receivedAtMs: AT,
    actor: { type: "service", id: "scheduler", name: "Scheduler" },
    action: "vm:start",
    outcome: "success",
    durationMs: 0,
    ip: "",
    userAgent: "",
    requestId: "req_1",
    source: "ingest",
    origin: { source: "scheduler", id },
  };
}

const batch = (tenantId: string) =>
  Array.from({ length: 130 }, (_, index) => recordOf(tenantId, `r-${index}`));

async function stored(tenantId: string): Promise<number> {
  const { records } = await activityTable(client).find({ tenantId, order: "newest_first", limit: 200 });
  return records.length;
}

test("a batch that broke off half-way loses nothing and counts nothing twice when it is sent again", async () => {
  const records = batch("ten_half");
  const flaky = mockClient(client);
  let calls = 0;
  const send = localClient();
  flaky.on(TransactWriteItemsCommand).callsFake(async (input: { TransactItems: TransactWriteItem[] }) => {
    calls += 1;
    if (calls === 2) throw Object.assign(new Error("Slow down."), { name: "ThrottlingException" });
    return await send.send(new TransactWriteItemsCommand(input));
  });
  await expect(activityIntake(client).add(records, 400)).rejects.toMatchObject({ code: "unavailable" });
  flaky.restore();
  const before = await stored("ten_half");
  expect(before).toBeLessThan(130);
  const duplicates = await activityIntake(client).add(records, 400);
  expect(duplicates.size).toBe(before);
  expect(await stored("ten_half")).toBe(130);
  send.destroy();
});

test("a write that was done and whose answer was lost is not counted twice", async () => {
  const records = batch("ten_lost").slice(0, 10);
  const flaky = mockClient(client);
  const send = localClient();
  flaky.on(TransactWriteItemsCommand).callsFakeOnce(async (input: { TransactItems: TransactWriteItem[] }) => {
    await send.send(new TransactWriteItemsCommand(input));
    throw Object.assign(new Error("The answer was lost."), { name: "TimeoutError" });
  });
  await expect(activityIntake(client).add(records, 400)).rejects.toMatchObject({ code: "unavailable" });
  flaky.restore();
  expect((await activityIntake(client).add(records, 400)).size).toBe(10);
  expect(await stored("ten_lost")).toBe(10);
  send.destroy();
});
