import { randomUUID } from "node:crypto";
import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import type { ActivityQuery, ActivityRecord } from "../../lib/activity/activity.ts";
import { createTables, localClient } from "../support/dynamodb-local.ts";

const tables = await createTables(`t-${randomUUID()}`);
process.env["ACTIVITY_TABLE"] = tables.activity;
const { activityTable } = await import("../../lib/aws/activity-table.ts");
const { derivedId } = await import("../../lib/aws/ids.ts");
const client = localClient();
const log = activityTable(client);
afterAll(() => client.destroy());

const AT = Date.UTC(2026, 2, 2, 9);
const TENANT = "ten_reader";

/** Twelve records, one a second: the third ones denied, the fourth ones ingested, two people, two tasks. */
const records = Array.from(
  { length: 12 },
  (_, index): ActivityRecord => ({
    id: derivedId("act", AT + index * 1000, String(index)),
    tenantId: TENANT,
    timeMs: AT + index * 1000,
    receivedAtMs: AT,
    sessionId: index < 6 ? "ses_a" : "ses_b",
    actor: { type: "user", id: `usr_${index % 2}`, name: "" },
    action: index % 2 === 0 ? "vm:start" : "vm:stop",
    resource: { type: "vm", id: `res_${index % 4}` },
    outcome: index % 3 === 2 ? "denied" : "success",
    durationMs: index,
    ip: "",
    userAgent: "",
    requestId: `req_${index}`,
    ...(index === 7 ? { taskId: "t-1", workflow: { provider: "github", runId: "run-1" } } : {}),
    source: index % 4 === 3 ? "ingest" : "api",
  }),
);
beforeAll(async () => {
  await Promise.all(records.map((record) => log.append(record, 400)));
});

async function found(query: Partial<ActivityQuery>): Promise<readonly number[]> {
  const page = await log.find({ tenantId: TENANT, order: "oldest_first", limit: 200, ...query });
  return page.records.map(({ durationMs }) => durationMs);
}

describe("the log of a tenant", () => {
  test.each<[string, Partial<ActivityQuery>, readonly number[]]>([
    ["session", { sessionId: "ses_a" }, [0, 1, 2, 3, 4, 5]],
    ["person", { userId: "usr_1" }, [1, 3, 5, 7, 9, 11]],
    ["action", { action: "vm:start" }, [0, 2, 4, 6, 8, 10]],
    ["resource", { resource: "vm/res_3" }, [3, 7, 11]],
    ["refusal", { outcome: "denied" }, [2, 5, 8, 11]],
    ["success", { outcome: "success" }, [0, 1, 3, 4, 6, 7, 9, 10]],
    ["task", { taskId: "t-1" }, [7]],
    ["run", { workflowRunId: "run-1" }, [7]],
    ["source", { source: "ingest" }, [3, 7, 11]],
    ["our own source", { source: "api" }, [0, 1, 2, 4, 5, 6, 8, 9, 10]],
    ["several at once", { userId: "usr_1", outcome: "success", action: "vm:stop", source: "api" }, [1, 9]],
    ["time, half open", { fromMs: AT + 3000, toMs: AT + 5000 }, [3, 4]],
    ["another tenant", { tenantId: "ten_other" }, []],
    ["an empty range", { fromMs: AT + 3000, toMs: AT + 3000 }, []],
  ])("is narrowed by %s", async (_what, query, expected) => {
    expect(await found(query)).toEqual(expected);
    expect(await found({ ...query, order: "newest_first" })).toEqual([...expected].reverse());
  });

  test("is read page by page in both orders, each record once, and no further than it is asked to", async () => {
    for (const order of ["oldest_first", "newest_first"] as const) {
      const seen: number[] = [];
      let afterId: string | undefined;
      do {
        const page = await log.find({
          ...{ tenantId: TENANT, order, limit: 5, outcome: "success" },
          ...(afterId === undefined ? {} : { afterId }),
        });
        seen.push(...page.records.map(({ durationMs }) => durationMs));
        afterId = page.nextAfterId;
      } while (afterId !== undefined);
      expect(seen.sort((a, b) => a - b)).toEqual([0, 1, 3, 4, 6, 7, 9, 10]);
    }
    expect(await found({ throughId: records[2]?.id ?? "" })).toEqual([0, 1, 2]);
  });
});

test("a filter that hardly anything passes gives a short page and goes on from there", async () => {
  const quiet = localClient();
  const busy = mockClient(quiet);
  const last = { pk: { S: `${TENANT}#0` }, sk: { S: "act_where_it_stopped" } };
  busy.on(QueryCommand).resolves({ Items: [], LastEvaluatedKey: last });
  const reader = activityTable(quiet);
  const page = await reader.find({ tenantId: TENANT, order: "newest_first", limit: 50, outcome: "success" });
  expect(page).toEqual({ records: [], nextAfterId: "act_where_it_stopped" });
  expect(busy.commandCalls(QueryCommand)).toHaveLength(10);
  quiet.destroy();
});
