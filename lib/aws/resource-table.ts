import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import { METERING_SOURCE } from "../resource/metering.ts";
import { type Resource, visibleOf } from "../resource/resource.ts";
import type {
  Recording,
  ResourcePage,
  ResourceQuery,
  ResourceStore,
  ResourceWrite,
  SaveOutcome,
} from "../resource/resource-store.ts";
import type { UsageEvent } from "../usage/usage-event.ts";
import { attachmentEnd, attachmentPut } from "./attachment-item.ts";
import { readRows } from "./caller-reader.ts";
import { systemNow } from "./clock.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { type Item, number, present, text } from "./item.ts";
import { touchOf } from "./open-series-item.ts";
import { linkWrites, resourceKey, resourceOf, resourcePartition, resourceWrite } from "./resource-item.ts";
import { ConditionRefused, commit } from "./transact.ts";
import { usageEventPut } from "./usage-event-item.ts";

/** Keys that one batch read takes. */
const BATCH_KEYS_MAX = 100;

/** The resources in the sessions table. */
export function resourceTable(client: DynamoDBClient = dynamoClient()): ResourceStore {
  return {
    get: (tenantId, resourceId) => getResource(client, tenantId, resourceId),
    getMany: (tenantId, resourceIds) => getResources(client, tenantId, [...new Set(resourceIds)]),
    list: (query) => listResources(client, query),
    save: (write, recording) => save(client, write, recording),
  };
}

async function getResource(
  client: DynamoDBClient,
  tenantId: string,
  resourceId: string,
): Promise<Resource | undefined> {
  try {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: env.sessionsTable,
        Key: resourceKey(tenantId, resourceId),
        ConsistentRead: true,
      }),
    );
    return Item === undefined ? undefined : resourceOf(Item);
  } catch (thrown) {
    throw translated(thrown);
  }
}

async function getResources(
  client: DynamoDBClient,
  tenantId: string,
  ids: readonly string[],
): Promise<Resource[]> {
  const found: Item[] = [];
  for (let from = 0; from < ids.length; from += BATCH_KEYS_MAX) {
    const keys = ids.slice(from, from + BATCH_KEYS_MAX).map((id) => resourceKey(tenantId, id));
    const rows = await readRows(client, { [env.sessionsTable]: keys });
    found.push(...(rows[env.sessionsTable] ?? []));
  }
  return found.map(resourceOf);
}

async function listResources(client: DynamoDBClient, query: ResourceQuery): Promise<ResourcePage> {
  const resources: Resource[] = [];
  let afterId = query.afterId;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({ ...planOf(query, afterId), Limit: query.limit - resources.length }),
      );
      resources.push(...Items.map(resourceOf));
      // An empty page is not the end: the filter is applied after the page is cut.
      afterId = LastEvaluatedKey === undefined ? undefined : text(LastEvaluatedKey, "sk");
    } while (afterId !== undefined && resources.length < query.limit);
  } catch (thrown) {
    throw translated(thrown);
  }
  return { resources, ...(afterId === undefined ? {} : { nextAfterId: afterId }) };
}

function planOf({ tenantId, type, state, sessionId }: ResourceQuery, afterId: string | undefined) {
  const filters = [
    state === undefined ? "#state <> :deleted" : "#state = :state",
    ...(type === undefined ? [] : ["#type = :type"]),
    ...(sessionId === undefined ? [] : ["contains(holders, :session)"]),
  ];
  return {
    TableName: env.sessionsTable,
    KeyConditionExpression: `pk = :tenant${afterId === undefined ? "" : " AND sk < :after"}`,
    FilterExpression: filters.join(" AND "),
    ExpressionAttributeNames: { "#state": "state", ...(type === undefined ? {} : { "#type": "type" }) },
    ExpressionAttributeValues: {
      ":tenant": { S: resourcePartition(tenantId) },
      ...(state === undefined ? { ":deleted": { S: "deleted" } } : { ":state": { S: state } }),
      ...(type === undefined ? {} : { ":type": { S: type } }),
      ...(sessionId === undefined ? {} : { ":session": { S: sessionId } }),
      ...(afterId === undefined ? {} : { ":after": { S: afterId } }),
    },
    ScanIndexForward: false,
    ConsistentRead: true,
  };
}

async function save(
  client: DynamoDBClient,
  write: ResourceWrite,
  { trail, shown = write.after }: Recording,
): Promise<SaveOutcome> {
  const { before, after } = write;
  trail?.changed(changesBetween(before === undefined ? {} : visibleOf(before), visibleOf(shown)));
  const links = linkWrites(before, after);
  const writes = [
    resourceWrite(before, after),
    ...links,
    ...attachmentWrites(write, trail?.record().id),
    ...readingWrites(write, trail?.record().id),
  ];
  try {
    await commit(client, { writes, trail });
    return "saved";
  } catch (thrown) {
    if (!(thrown instanceof ConditionRefused)) throw thrown;
    if (thrown.refused.has(0)) return isAtVersion(thrown.refused.get(0), before) ? "in_use" : "stale";
    return [...thrown.refused.keys()].some((index) => index <= links.length) ? "unusable" : "stale";
  }
}

/** The row is as it was read: then it was not the version that stood in the way. */
function isAtVersion(row: Item | undefined, before: Resource | undefined): boolean {
  return row !== undefined && before !== undefined && number(row, "version") === before.version;
}

function attachmentWrites(
  { before, after, atMs }: ResourceWrite,
  activityId: string | undefined,
): TransactWriteItem[] {
  const { tenantId, resourceId, version } = after;
  const was = before?.holders ?? [];
  const key = ({ sessionId, fromAtMs }: Resource["holders"][number]) => `${sessionId}#${fromAtMs}`;
  const kept = new Set(after.holders.map(key));
  const known = new Set(was.map(key));
  return [
    ...after.holders
      .filter((holder) => !known.has(key(holder)))
      .map((holder) => ({
        Put: attachmentPut({
          ...{ tenantId, resourceId, ...holder, toAtMs: null, rank: version },
          ...present("beganBy", activityId),
        }),
      })),
    ...was
      .filter((holder) => !kept.has(key(holder)))
      .map((holder) => ({
        Update: attachmentEnd({ tenantId, resourceId, ...holder }, { atMs, endedBy: activityId }),
      })),
  ];
}

function readingWrites(
  { after, readings }: ResourceWrite,
  activityId: string | undefined,
): TransactWriteItem[] {
  return readings.flatMap(({ id, resourceId, meter, atMs, level }) => {
    const event: UsageEvent = {
      tenantId: after.tenantId,
      source: METERING_SOURCE,
      kind: "gauge",
      value: level,
      ...{ id, resourceId, meter, atMs },
      ...(activityId === undefined ? {} : { activityId }),
    };
    return [{ Put: usageEventPut(event) }, { Update: touchOf(event, systemNow()) }];
  });
}
