import {
  DeleteItemCommand,
  type DynamoDBClient,
  QueryCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import type { EpochMs } from "../time.ts";
import type {
  Delivery,
  DeliveryKey,
  DeliveryPage,
  DeliveryQuery,
  DeliveryStore,
  DueDelivery,
} from "../webhook/delivery.ts";
import { getDerived } from "./derived-rows.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { document, type Item, text, toAttribute, toItem } from "./item.ts";
import { ConditionRefused, transact } from "./transact.ts";

const KEPT_SECONDS = 30 * 86_400;

/** Lists of what is due: a partition takes 1,000 writes/s, and each try writes two of its rows. */
const DUE_LISTS = 8;

/** Pages that one request for deliveries of a status goes through; its cursor goes on from there. */
const PAGES_MAX = 4;

/**
 * Deliveries in the derived table: a row each under their endpoint, and while one is pending another in a list of what
 * is due, by the time. Both are written together.
 */
export function webhookDeliveryTable(client: DynamoDBClient = dynamoClient()): DeliveryStore {
  return {
    save: (before, after) => save(client, before, after),
    get: async (key) => {
      const row = await getDerived(client, deliveryKey(key));
      return row === undefined ? undefined : document<Delivery>(row, "delivery");
    },
    list: (query) => list(client, query),
    due: (nowMs, limit) => due(client, nowMs, limit),
    forget: async (one) => {
      try {
        await client.send(new DeleteItemCommand({ TableName: env.derivedTable, Key: dueKey(one) }));
      } catch (thrown) {
        throw translated(thrown);
      }
    },
  };
}

async function save(
  client: DynamoDBClient,
  before: Delivery | undefined,
  after: Delivery,
): Promise<"done" | "moved"> {
  try {
    await transact(client, [deliveryPut(before, after), ...dueWrites(before, after)]);
    return "done";
  } catch (thrown) {
    if (thrown instanceof ConditionRefused) return "moved";
    throw thrown;
  }
}

function deliveryPut(before: Delivery | undefined, after: Delivery): TransactWriteItem {
  const { status, version, createdAtMs } = after;
  return {
    Put: {
      TableName: env.derivedTable,
      Item: {
        ...deliveryKey(after),
        ...toItem({ delivery: after, status, version, ttl: Math.ceil(createdAtMs / 1000) + KEPT_SECONDS }),
      },
      ...(before === undefined
        ? { ConditionExpression: "attribute_not_exists(pk)" }
        : {
            ConditionExpression: "version = :before",
            ExpressionAttributeValues: { ":before": toAttribute(before.version) },
          }),
    },
  };
}

function dueWrites(before: Delivery | undefined, after: Delivery): readonly TransactWriteItem[] {
  const { tenantId, webhookId, deliveryId, dueAtMs, createdAtMs } = after;
  if (before?.dueAtMs === dueAtMs) return [];
  const TableName = env.derivedTable;
  const key = { tenantId, webhookId, deliveryId };
  const ttl = Math.ceil(createdAtMs / 1000) + KEPT_SECONDS;
  return [
    ...(before?.dueAtMs === undefined
      ? []
      : [{ Delete: { TableName, Key: dueKey({ ...key, dueAtMs: before.dueAtMs }) } }]),
    ...(dueAtMs === undefined
      ? []
      : [
          {
            Put: { TableName, Item: { ...dueKey({ ...key, dueAtMs }), ...toItem({ ...key, dueAtMs, ttl }) } },
          },
        ]),
  ];
}

async function list(
  client: DynamoDBClient,
  { tenantId, webhookId, status, limit, afterId }: DeliveryQuery,
): Promise<DeliveryPage> {
  const deliveries: Delivery[] = [];
  let lastId = afterId;
  for (let page = 0; page < PAGES_MAX; page++) {
    const { rows, isMore } = await readPage(client, { tenantId, webhookId, limit, afterId: lastId });
    const found = rows.map((row) => document<Delivery>(row, "delivery"));
    const fitting = found.filter((delivery) => status === undefined || delivery.status === status);
    deliveries.push(...fitting.slice(0, limit - deliveries.length));
    lastId = found.at(-1)?.deliveryId ?? lastId;
    const last = deliveries.at(-1);
    if (last !== undefined && deliveries.length === limit) {
      const isRest = isMore || last.deliveryId !== lastId;
      return { deliveries, ...(isRest ? { nextAfterId: last.deliveryId } : {}) };
    }
    if (!isMore) return { deliveries };
  }
  return { deliveries, ...(lastId === undefined ? {} : { nextAfterId: lastId }) };
}

async function readPage(
  client: DynamoDBClient,
  { tenantId, webhookId, limit, afterId }: Omit<DeliveryQuery, "status">,
) {
  try {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: env.derivedTable,
        KeyConditionExpression: `pk = :webhook${afterId === undefined ? "" : " AND sk < :after"}`,
        ExpressionAttributeValues: {
          ":webhook": { S: partition({ tenantId, webhookId }) },
          ...(afterId === undefined ? {} : { ":after": { S: afterId } }),
        },
        ScanIndexForward: false,
        Limit: limit + 1,
        ConsistentRead: true,
      }),
    );
    return { rows: Items, isMore: LastEvaluatedKey !== undefined };
  } catch (thrown) {
    throw translated(thrown);
  }
}

async function due(client: DynamoDBClient, nowMs: EpochMs, limit: number): Promise<readonly DueDelivery[]> {
  const lists = Array.from({ length: DUE_LISTS }, (_, place) => readDue(client, place, { nowMs, limit }));
  const rows = (await Promise.all(lists)).flat();
  return rows
    .map((row) => ({
      tenantId: text(row, "tenantId"),
      webhookId: text(row, "webhookId"),
      deliveryId: text(row, "deliveryId"),
      dueAtMs: Number(row["dueAtMs"]?.N),
    }))
    .toSorted((one, other) => one.dueAtMs - other.dueAtMs)
    .slice(0, limit);
}

async function readDue(
  client: DynamoDBClient,
  place: number,
  { nowMs, limit }: { readonly nowMs: EpochMs; readonly limit: number },
): Promise<readonly Item[]> {
  try {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: env.derivedTable,
        KeyConditionExpression: "pk = :due AND sk <= :now",
        ExpressionAttributeValues: {
          ":due": { S: `webhooks-due#${place}` },
          ":now": { S: `${timeSort(nowMs)}~` },
        },
        Limit: Math.ceil(limit / DUE_LISTS),
        ConsistentRead: true,
      }),
    );
    return Items;
  } catch (thrown) {
    throw translated(thrown);
  }
}

function partition({ tenantId, webhookId }: Pick<Delivery, "tenantId" | "webhookId">): string {
  return `${tenantId}#webhook#${webhookId}`;
}

function deliveryKey(key: DeliveryKey): Item {
  return { pk: { S: partition(key) }, sk: { S: key.deliveryId } };
}

/** The last character of an id is chance. */
function dueKey({ dueAtMs, tenantId, webhookId, deliveryId }: DueDelivery): Item {
  const place = deliveryId.charCodeAt(deliveryId.length - 1) % DUE_LISTS;
  const sk = `${timeSort(dueAtMs)}#${tenantId}#${webhookId}#${deliveryId}`;
  return { pk: { S: `webhooks-due#${place}` }, sk: { S: sk } };
}

/** 13 digits last until the year 2286. */
function timeSort(atMs: EpochMs): string {
  return String(atMs).padStart(13, "0");
}
