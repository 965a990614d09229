import type { DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Leaf } from "../activity/export-jsonl.ts";
import type { SealPage, SealStore, StoredSeal } from "../activity/seal-store.ts";
import type { EpochMs } from "../time.ts";
import { queryRows } from "./derived-rows.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { document, type Item, toItem } from "./item.ts";
import { toPacked, unpacked } from "./packed.ts";
import { ConditionRefused, transact } from "./transact.ts";

/** Some 60 bytes of a leaf are left when packed: a chunk is well under the 400 KB of a row. */
const LEAVES_A_ROW = 5000;
/** Seals outlive the last record under them by a day. */
const MARGIN_SECONDS = 86_400;
/** Records of one's own come in within the hour; those of other services up to five minutes ahead. */
const LATE_MS = 3_600_000;
const AHEAD_MS = 300_000;

/**
 * Seals in the activity table, where no role may change or delete a row. A seal's key is where it begins, and so the
 * link of its chain: there is room for one successor of each.
 */
export function sealTable(client: DynamoDBClient = dynamoClient()): SealStore {
  return {
    last: async (tenantId) => await firstOf(sealRows(client, tenantId, { newestFirst: true, limit: 1 })),
    append: async (stored, leaves) => {
      try {
        await transact(client, appendWrites(stored, leaves));
        return true;
      } catch (thrown) {
        if (thrown instanceof ConditionRefused) return false;
        throw thrown;
      }
    },
    from: (tenantId, receivedAtMs) => sealsFrom(client, tenantId, receivedAtMs),
    leavesOf: async ({ tenantId, fromMs }) => {
      const leaves: Leaf[] = [];
      const rows = queryRows(client, inPartition(leavesPartition(tenantId, fromMs)));
      for await (const row of rows) leaves.push(...unpacked<readonly Leaf[]>(row, "leaves"));
      return leaves;
    },
    list: (query) => listSeals(client, query),
    overlapping: (tenantId, range) => overlapping(client, tenantId, range),
  };
}

async function listSeals(
  client: DynamoDBClient,
  { tenantId, limit, beforeMs }: Parameters<SealStore["list"]>[0],
): Promise<SealPage> {
  const seals: StoredSeal[] = [];
  const toMs = beforeMs === undefined ? undefined : beforeMs - 1;
  for await (const stored of sealRows(client, tenantId, { newestFirst: true, limit: limit + 1, toMs })) {
    seals.push(stored);
    if (seals.length > limit) break;
  }
  const page = seals.slice(0, limit);
  const last = page.at(-1);
  return {
    seals: page,
    ...(seals.length > limit && last !== undefined ? { nextBeforeMs: last.fromMs } : {}),
  };
}

/** The seal whose interval the time falls into, and those after it. */
async function* sealsFrom(
  client: DynamoDBClient,
  tenantId: string,
  atMs: EpochMs,
): AsyncGenerator<StoredSeal> {
  const holding = await firstOf(sealRows(client, tenantId, { newestFirst: true, limit: 1, toMs: atMs }));
  yield* sealRows(client, tenantId, { fromMs: holding?.fromMs ?? 0 });
}

/**
 * Most seals are over records of their own time. Those that are not are on a list of their own: a few, for histories
 * that other services brought.
 */
async function overlapping(
  client: DynamoDBClient,
  tenantId: string,
  { fromMs, toMs }: { readonly fromMs: EpochMs; readonly toMs: EpochMs },
): Promise<readonly StoredSeal[]> {
  const found = new Map<EpochMs, StoredSeal>();
  const keep = (stored: StoredSeal): void => {
    if (stored.earliestMs < toMs && stored.latestMs >= fromMs) found.set(stored.fromMs, stored);
  };
  for await (const stored of sealsFrom(client, tenantId, fromMs - AHEAD_MS)) {
    if (stored.fromMs >= toMs + LATE_MS) break;
    keep(stored);
  }
  for await (const row of queryRows(client, inPartition(`${tenantId}#late-seals`))) keep(storedOf(row));
  return [...found.values()].sort((a, b) => a.fromMs - b.fromMs);
}

interface SealRange {
  readonly fromMs?: EpochMs;
  readonly toMs?: EpochMs | undefined;
  readonly newestFirst?: boolean;
  readonly limit?: number;
}

async function* sealRows(
  client: DynamoDBClient,
  tenantId: string,
  { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER, newestFirst = false, limit }: SealRange,
): AsyncGenerator<StoredSeal> {
  if (toMs < fromMs) return;
  const rows = queryRows(client, {
    TableName: env.activityTable,
    KeyConditionExpression: "pk = :seals AND sk BETWEEN :from AND :to",
    ExpressionAttributeValues: {
      ":seals": { S: sealPartition(tenantId) },
      ":from": { S: timeSort(fromMs) },
      ":to": { S: timeSort(toMs) },
    },
    ScanIndexForward: !newestFirst,
    ...(limit === undefined ? {} : { Limit: limit }),
  });
  for await (const row of rows) yield storedOf(row);
}

function inPartition(partition: string) {
  return {
    TableName: env.activityTable,
    KeyConditionExpression: "pk = :partition",
    ExpressionAttributeValues: { ":partition": { S: partition } },
  };
}

function appendWrites(stored: StoredSeal, leaves: readonly Leaf[]): readonly TransactWriteItem[] {
  const { tenantId, fromMs, earliestMs, keptUntilMs } = stored;
  const ttl = Math.ceil(keptUntilMs / 1000) + MARGIN_SECONDS;
  const put = (row: Item): TransactWriteItem => ({
    Put: {
      TableName: env.activityTable,
      Item: { ...row, ...toItem({ ttl }) },
      ConditionExpression: "attribute_not_exists(pk)",
    },
  });
  const chunks = Array.from({ length: Math.ceil(leaves.length / LEAVES_A_ROW) }, (_, index) =>
    leaves.slice(index * LEAVES_A_ROW, (index + 1) * LEAVES_A_ROW),
  );
  return [
    put(toItem({ pk: sealPartition(tenantId), sk: timeSort(fromMs), stored })),
    ...chunks.map((chunk, index) =>
      put({
        ...toItem({ pk: leavesPartition(tenantId, fromMs), sk: String(index).padStart(4, "0") }),
        leaves: toPacked(chunk),
      }),
    ),
    ...(earliestMs >= fromMs - LATE_MS
      ? []
      : [put(toItem({ pk: `${tenantId}#late-seals`, sk: timeSort(fromMs), stored }))]),
  ];
}

function storedOf(row: Item): StoredSeal {
  return document<StoredSeal>(row, "stored");
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

function sealPartition(tenantId: string): string {
  return `${tenantId}#seals`;
}

function leavesPartition(tenantId: string, fromMs: EpochMs): string {
  return `${tenantId}#leaves#${timeSort(fromMs)}`;
}

/** Times from 0 on, in 16 digits: they sort as they follow. */
function timeSort(atMs: EpochMs): string {
  return String(Math.max(0, atMs)).padStart(16, "0");
}
