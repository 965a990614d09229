import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import type { ActivityLog, ActivityPage, ActivityQuery, ActivityReader } from "../activity/activity.ts";
import { activityPartition, activityPut, activityRecord } from "./activity-item.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { idBound } from "./ids.ts";
import type { Item } from "./item.ts";

/** The activity table: append-only, read by tenant, session or person, always in the order of time. */
export function activityTable(client: DynamoDBClient = dynamoClient()): ActivityLog & ActivityReader {
  return {
    append: async (record, retentionDays) => {
      try {
        await client.send(new PutItemCommand(activityPut(record, retentionDays)));
      } catch (thrown) {
        // The same id can only be this very record, whose first answer was lost.
        if (!(thrown instanceof ConditionalCheckFailedException)) throw translated(thrown);
      }
    },
    find: (query) => find(client, query),
    get: async (tenantId, id) => {
      try {
        const { Item } = await client.send(
          new GetItemCommand({
            TableName: env.activityTable,
            Key: { pk: { S: activityPartition(tenantId) }, sk: { S: id } },
            ConsistentRead: true,
          }),
        );
        return Item === undefined ? undefined : activityRecord(Item);
      } catch (thrown) {
        throw translated(thrown);
      }
    },
  };
}

/** Filters go to the narrowest index; what that leaves over is filtered by DynamoDB, page after page. */
async function find(client: DynamoDBClient, query: ActivityQuery): Promise<ActivityPage> {
  const plan = planOf(query);
  const records: ActivityPage["records"][number][] = [];
  let startKey: Item | undefined;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({ ...plan, ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }) }),
      );
      records.push(...Items.map(activityRecord));
      startKey = LastEvaluatedKey;
      // An empty page is not the end: the filter is applied after the page is cut.
    } while (startKey !== undefined && records.length <= query.limit);
  } catch (thrown) {
    throw translated(thrown);
  }
  const page = records.slice(0, query.limit);
  const last = page.at(-1);
  return {
    records: page,
    ...(records.length > query.limit && last !== undefined ? { nextAfterId: last.id } : {}),
  };
}

function planOf(query: ActivityQuery) {
  const { low, high } = boundsOf(query);
  const [index, keyName, keyValue] = partitionOf(query);
  const filters = filtersOf(query);
  const names = Object.fromEntries(filters.map(({ name }) => [`#f_${name}`, name]));
  return {
    TableName: env.activityTable,
    ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
    KeyConditionExpression: `${keyName} = :key AND sk BETWEEN :low AND :high`,
    ...(filters.length === 0
      ? {}
      : {
          FilterExpression: filters.map(({ name }) => `#f_${name} = :f_${name}`).join(" AND "),
          ExpressionAttributeNames: names,
        }),
    ExpressionAttributeValues: {
      ":key": { S: keyValue },
      ":low": { S: low },
      ":high": { S: high },
      ...Object.fromEntries(filters.map(({ name, value }) => [`:f_${name}`, { S: value }])),
    },
    ScanIndexForward: query.order === "oldest_first",
    // One more than asked for tells whether there is a next page.
    Limit: query.limit + 1,
  };
}

/** Ids sort by time, so that a range of time and the place a page ended on are both bounds of one range of ids. */
function boundsOf(query: ActivityQuery): { low: string; high: string } {
  const low = idBound("act", query.fromMs ?? 0);
  const high = query.toMs === undefined ? "act_~" : before(idBound("act", query.toMs));
  if (query.afterId === undefined) return { low, high };
  return query.order === "oldest_first"
    ? { low: maxOf(low, `${query.afterId}!`), high }
    : { low, high: minOf(high, before(query.afterId)) };
}

/** The greatest key below `id`, for keys of this length: the ids' alphabet ends at z, below the tilde. */
function before(id: string): string {
  const last = id.charCodeAt(id.length - 1);
  return `${id.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
}

function maxOf(a: string, b: string): string {
  return a > b ? a : b;
}

function minOf(a: string, b: string): string {
  return a < b ? a : b;
}

function partitionOf(query: ActivityQuery): readonly [string | undefined, string, string] {
  const { tenantId, sessionId, userId } = query;
  if (sessionId !== undefined) return ["session-index", "sessionKey", `${tenantId}#${sessionId}`];
  if (userId !== undefined) return ["actor-index", "actorKey", `${tenantId}#${userId}`];
  return [undefined, "pk", activityPartition(tenantId)];
}

function filtersOf(query: ActivityQuery): readonly { readonly name: string; readonly value: string }[] {
  const { tenantId, sessionId, userId, resource } = query;
  const wanted: Readonly<Record<string, string | undefined>> = {
    action: query.action,
    outcome: query.outcome,
    source: query.source,
    taskId: query.taskId,
    runId: query.workflowRunId,
    resource: resource?.includes("/") === true ? resource : undefined,
    resourceType: resource?.includes("/") === false ? resource : undefined,
    actorKey: sessionId !== undefined && userId !== undefined ? `${tenantId}#${userId}` : undefined,
  };
  return Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}
