import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { monthsIn, toRfc3339 } from "../time.ts";
import { dayOf } from "../usage/changed-days.ts";
import type { Aggregation, Period, SessionRef, UsageRow } from "../usage/usage.ts";
import type { Series } from "../usage/usage-event.ts";
import type { LateChange, LateChanges } from "../usage/usage-source.ts";
import type { RollUpStep, RollUpStore, StoredDay } from "../usage/usage-store.ts";
import { queryBilling } from "./billing-rows.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { document, type Item, number, text, toAttribute, toItem } from "./item.ts";
import { openSeriesItem, openSeriesKey } from "./open-series-item.ts";
import { ConditionRefused, transact } from "./transact.ts";

/** The rolled up rows in the billing table: a row for each series and UTC day, in a partition for each tenant and month. */
export function rollUpTable(client: DynamoDBClient = dynamoClient()): RollUpStore & LateChanges {
  return {
    // A resource may be called as another one with more behind it: the prefix finds both.
    daysOf: async ({ tenantId, resourceId, meter }, period) => {
      const days = await daysIn(client, tenantId, { period, prefix: `${resourceId}#${meter}#` });
      return days.filter((day) => day.resourceId === resourceId && day.meter === meter);
    },
    daysOfTenant: async (tenantId, period, resourceId) => {
      if (resourceId === undefined) return await daysIn(client, tenantId, { period });
      const days = await daysIn(client, tenantId, { period, prefix: `${resourceId}#` });
      return days.filter((day) => day.resourceId === resourceId);
    },
    commit: (step) => commitStep(client, step),
    noteLate: async (tenantId, months) => {
      for (const month of months) await noteLate(client, tenantId, month);
    },
    all: async () => {
      const changes: LateChange[] = [];
      const rows = queryBilling(client, {
        ConsistentRead: true,
        KeyConditionExpression: "pk = :late",
        ExpressionAttributeValues: { ":late": { S: LATE } },
      });
      for await (const row of rows) changes.push(lateChangeOf(row));
      return changes;
    },
    dealtWith: (change) => dealtWith(client, change),
  };
}

/* ---- days ---- */

async function daysIn(
  client: DynamoDBClient,
  tenantId: string,
  { period, prefix }: { readonly period: Period; readonly prefix?: string },
): Promise<readonly StoredDay[]> {
  const days: StoredDay[] = [];
  for (const month of monthsIn(period)) {
    const rows = queryBilling(client, {
      ConsistentRead: true,
      KeyConditionExpression: `pk = :month${prefix === undefined ? "" : " AND begins_with(sk, :prefix)"}`,
      FilterExpression: "dayStartMs >= :first AND dayStartMs < :end",
      ExpressionAttributeValues: {
        ":month": { S: monthPartition(tenantId, month) },
        ":first": toAttribute(dayOf(period.startAtMs)),
        ":end": toAttribute(period.endAtMs),
        ...(prefix === undefined ? {} : { ":prefix": { S: prefix } }),
      },
    });
    for await (const row of rows) days.push(dayFrom(row));
  }
  return days;
}

async function commitStep(client: DynamoDBClient, { open, next, days }: RollUpStep): Promise<boolean> {
  const series = {
    TableName: env.billingTable,
    ConditionExpression: "version = :read",
    ExpressionAttributeValues: { ":read": toAttribute(open.version) },
  };
  const moved: TransactWriteItem =
    next === undefined
      ? { Delete: { ...series, Key: openSeriesKey(open) } }
      : { Put: { ...series, Item: openSeriesItem({ ...next, version: open.version + 1 }) } };
  try {
    await transact(client, [moved, ...days.map(dayWrite)]);
    return true;
  } catch (thrown) {
    if (thrown instanceof ConditionRefused) return false;
    throw thrown;
  }
}

function dayWrite(day: StoredDay): TransactWriteItem {
  const key = dayKey(day);
  if (day.rows.length === 0) return { Delete: { TableName: env.billingTable, Key: key } };
  const { tenantId, resourceId, meter, dayStartMs, aggregation, rows } = day;
  const row = toItem({ tenantId, resourceId, meter, dayStartMs, aggregation, rows: writtenRows(rows) });
  return { Put: { TableName: env.billingTable, Item: { ...key, ...row } } };
}

function dayKey({ tenantId, resourceId, meter, dayStartMs }: Series & Pick<StoredDay, "dayStartMs">): Item {
  const date = toRfc3339(dayStartMs);
  return {
    pk: { S: monthPartition(tenantId, date.slice(0, 7)) },
    sk: { S: `${resourceId}#${meter}#${date.slice(8, 10)}` },
  };
}

/** The partition of what a tenant has used in a month: a row for each series and day. */
export function monthPartition(tenantId: string, month: string): string {
  return `${tenantId}#rollup#${month}`;
}

/** Rows as they are kept: the holders once, and an entry `[hour, place of the holder, whole, values]` for each row. */
interface WrittenRows {
  readonly holders: readonly SessionRef[];
  readonly entries: readonly WrittenRow[];
}

type WrittenRow = readonly [hourMs: number, holder: number, whole: string, values?: readonly string[]];

const NOBODY = -1;

function writtenRows(rows: readonly UsageRow[]): WrittenRows {
  const holders = new Map(
    rows.flatMap(({ holder }) => (holder === null ? [] : [[holder.sessionId, holder]])),
  );
  const places = [...holders.keys()];
  return {
    holders: [...holders.values()],
    entries: rows.map(({ bucketStartAtMs, holder, whole, values }): WrittenRow => {
      const place = holder === null ? NOBODY : places.indexOf(holder.sessionId);
      const row = [bucketStartAtMs, place, String(whole)] as const;
      return values === undefined ? row : [...row, [...values].map(String)];
    }),
  };
}

function dayFrom(item: Item): StoredDay {
  const [resourceId, meter] = [text(item, "resourceId"), text(item, "meter")];
  const { holders, entries } = document<WrittenRows>(item, "rows");
  return {
    ...{ tenantId: text(item, "tenantId"), resourceId, meter },
    dayStartMs: number(item, "dayStartMs"),
    aggregation: text(item, "aggregation") as Aggregation,
    rows: entries.map(([bucketStartAtMs, holder, whole, values]) => ({
      ...{ meter, resourceId, bucketStartAtMs },
      holder: holders[holder] ?? null,
      whole: BigInt(whole),
      ...(values === undefined ? {} : { values: new Set(values.map(BigInt)) }),
    })),
  };
}

/* ---- late changes ---- */

/** Rows of all tenants: whoever bills reads them all. */
const LATE = "late-usage";

async function noteLate(client: DynamoDBClient, tenantId: string, month: string): Promise<void> {
  const note = { pk: LATE, sk: `${tenantId}#${month}`, tenantId, month, token: randomUUID() };
  try {
    await client.send(new PutItemCommand({ TableName: env.billingTable, Item: toItem(note) }));
  } catch (thrown) {
    throw translated(thrown);
  }
}

async function dealtWith(client: DynamoDBClient, { tenantId, month, token }: LateChange): Promise<void> {
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: env.billingTable,
        Key: { pk: { S: LATE }, sk: { S: `${tenantId}#${month}` } },
        ConditionExpression: "#token = :token",
        ExpressionAttributeNames: { "#token": "token" },
        ExpressionAttributeValues: { ":token": { S: token } },
      }),
    );
  } catch (thrown) {
    // It has changed again, or somebody else has dealt with it.
    if (!(thrown instanceof ConditionalCheckFailedException)) throw translated(thrown);
  }
}

function lateChangeOf(item: Item): LateChange {
  return { tenantId: text(item, "tenantId"), month: text(item, "month"), token: text(item, "token") };
}
