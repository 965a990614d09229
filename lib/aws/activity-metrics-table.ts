import { createHash } from "node:crypto";
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import type {
  CellChange,
  CellKey,
  Figures,
  MetricStore,
  RangeCell,
  StoredCell,
} from "../activity/metrics.ts";
import { readRows } from "./caller-reader.ts";
import { queryRows } from "./derived-rows.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { type Item, number, text, toAttribute, toItem } from "./item.ts";
import { toPacked, unpacked } from "./packed.ts";

const BATCH_MAX = 100;
/** Writes under way at once. */
export const AT_ONCE = 24;

/** Metrics of the log in the derived table, a row for each cell. */
export function activityMetricsTable(client: DynamoDBClient = dynamoClient()): MetricStore {
  return {
    load: async (keys) => {
      const found = new Map<string, StoredCell>();
      const rowKeys = keys.map(cellKey);
      for (let from = 0; from < rowKeys.length; from += BATCH_MAX) {
        const rows = await readRows(client, { [env.derivedTable]: rowKeys.slice(from, from + BATCH_MAX) });
        for (const row of rows[env.derivedTable] ?? []) found.set(nameOf(row), cellOf(row));
      }
      return rowKeys.map((key) => found.get(nameOf(key)));
    },
    save: async (changes) => {
      const open = [...changes];
      let isAll = true;
      const work = async () => {
        for (let change = open.pop(); change !== undefined; change = open.pop()) {
          if (!(await put(client, change))) isAll = false;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return isAll;
    },
    range: ({ tenantId, dimension, span, fromMs, toMs }) =>
      rangeOf(client, {
        partition: `${tenantId}#metrics#${dimension}#${span}`,
        low: timeSort(fromMs),
        high: timeSort(toMs),
      }),
    ofSession: async (tenantId, sessionId) => {
      const cells: RangeCell[] = [];
      const partition = `${tenantId}#metrics#in#${sessionId}`;
      for await (const cell of rangeOf(client, { partition, low: "", high: "~" })) cells.push(cell);
      return cells;
    },
  };
}

async function put(
  client: DynamoDBClient,
  { key, after, before, keptUntilMs }: CellChange,
): Promise<boolean> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: env.derivedTable,
        Item: {
          ...cellKey(key),
          ...toItem({
            group: key.group,
            startMs: key.is === "group" ? key.startMs : 0,
            throughEntry: after.throughEntry,
            ttl: Math.ceil(keptUntilMs / 1000),
          }),
          figures: toPacked(after.figures),
        },
        ...(before === undefined
          ? { ConditionExpression: "attribute_not_exists(pk)" }
          : {
              ConditionExpression: "throughEntry = :before",
              ExpressionAttributeValues: { ":before": toAttribute(before) },
            }),
      }),
    );
    return true;
  } catch (thrown) {
    if (thrown instanceof ConditionalCheckFailedException) return false;
    throw translated(thrown);
  }
}

async function* rangeOf(
  client: DynamoDBClient,
  { partition, low, high }: { readonly partition: string; readonly low: string; readonly high: string },
): AsyncGenerator<RangeCell> {
  const rows = queryRows(client, {
    TableName: env.derivedTable,
    // No cell has the bounds themselves as its key: there is a group behind the time.
    KeyConditionExpression: "pk = :cells AND sk BETWEEN :low AND :high",
    ExpressionAttributeValues: {
      ":cells": { S: partition },
      ":low": { S: low || "!" },
      ":high": { S: high },
    },
  });
  for await (const row of rows) {
    yield { ...cellOf(row), group: text(row, "group"), startMs: number(row, "startMs") };
  }
}

function cellOf(row: Item): StoredCell {
  return { figures: unpacked<Figures>(row, "figures"), throughEntry: number(row, "throughEntry") };
}

/** The key of a cell. A group can be of any length: it is told by its hash, and kept beside it. */
export function cellKey(key: CellKey): Item {
  const group = createHash("sha256").update(key.group).digest("base64url").slice(0, 22);
  return key.is === "group"
    ? {
        pk: { S: `${key.tenantId}#metrics#${key.dimension}#${key.span}` },
        sk: { S: `${timeSort(key.startMs)}#${group}` },
      }
    : { pk: { S: `${key.tenantId}#metrics#in#${key.sessionId}` }, sk: { S: group } };
}

function nameOf(row: Item): string {
  return JSON.stringify([text(row, "pk"), text(row, "sk")]);
}

function timeSort(atMs: number): string {
  return String(Math.max(0, atMs)).padStart(16, "0");
}
