import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { RunRef, WorkflowRun, WorkflowRunStore } from "../workflow/workflow-run.ts";
import { systemNow } from "./clock.ts";
import { queryRows } from "./derived-rows.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { type Item, text, toItem } from "./item.ts";
import { consumeProofs } from "./proof-writes.ts";
import { commit } from "./transact.ts";
import { closedMarkKey, runPartition, runTtlSeconds, seatSortKey } from "./workflow-run-item.ts";

/** The runs in the sessions table. Their rows are written with the sessions that take part (`seatWrites`). */
export function workflowRunTable(client: DynamoDBClient = dynamoClient()): WorkflowRunStore {
  return {
    find: (ref) => find(client, ref),
    useToken: async ({ tenantId }, proof, trail) => {
      const outcome = await commitGuarded(client, consumeProofs({ tenantId, userId: "" }, [proof]), {
        trail,
      });
      return outcome === "done" ? "done" : "used";
    },
    close: async ({ tenantId, runId }, trail) => {
      const mark = { ...closedMarkKey(tenantId, runId), ...toItem({ ttl: runTtlSeconds(systemNow()) }) };
      await commit(client, { writes: [{ Put: { TableName: env.sessionsTable, Item: mark } }], trail });
    },
  };
}

async function find(client: DynamoDBClient, { tenantId, runId }: RunRef): Promise<WorkflowRun> {
  const query = {
    TableName: env.sessionsTable,
    KeyConditionExpression: "pk = :run",
    ExpressionAttributeValues: { ":run": { S: runPartition(tenantId, runId) } },
  };
  const rows: Item[] = [];
  for await (const row of queryRows(client, query)) rows.push(row);
  const prefix = seatSortKey("");
  const seats = rows.filter((row) => text(row, "sk").startsWith(prefix));
  return {
    sessionIds: seats.flatMap((seat) => seat["sessionIds"]?.SS ?? []).sort(),
    seats: new Map(seats.map((seat) => [text(seat, "sk").slice(prefix.length), text(seat, "currentId")])),
    isClosed: seats.length < rows.length,
  };
}
