import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import type { Trail } from "../activity/trail.ts";
import {
  type Expected,
  STATE_KEYS_MAX,
  type StateDocument,
  type StateEntry,
  type StateOwner,
  type StateRemoval,
  type StateStore,
  type StateWrite,
  type StateWritten,
} from "../session/state.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { type Item, number, optionalNumber, text, toAttribute, toItem } from "./item.ts";
import { ConditionRefused, commit } from "./transact.ts";

/**
 * Session state in the sessions table: a row for each key, and one that counts them, so that the bound holds when
 * two keys are made at once.
 */
export function stateTable(client: DynamoDBClient = dynamoClient()): StateStore {
  return {
    list: async (owner) => (await query(client, owner, ENTRY_ONLY)).map(entryOf),
    readAll: async (owner) => (await query(client, owner)).map(documentOf),
    read: (owner, key) => read(client, owner, key),
    write: (write, trail) => writeValue(client, write, trail),
    remove: (owner, removal, trail) => remove(client, { owner, removal, trail }),
    counts: (tenantId, sessionIds) => counts(client, tenantId, sessionIds),
  };
}

const KEY_PREFIX = "state#";
const ENTRY_ONLY = "sk, version, #size, updatedAtMs";

function rowKey({ tenantId, sessionId }: StateOwner, key: string): Item {
  return { pk: { S: `${tenantId}#${sessionId}` }, sk: { S: `${KEY_PREFIX}${key}` } };
}

function countKey({ tenantId, sessionId }: StateOwner): Item {
  return { pk: { S: `${tenantId}#${sessionId}` }, sk: { S: "states" } };
}

async function query(client: DynamoDBClient, owner: StateOwner, projection?: string): Promise<Item[]> {
  const rows: Item[] = [];
  let startKey: Item | undefined;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: env.sessionsTable,
          KeyConditionExpression: "pk = :session AND begins_with(sk, :state)",
          ExpressionAttributeValues: {
            ":session": { S: `${owner.tenantId}#${owner.sessionId}` },
            ":state": { S: KEY_PREFIX },
          },
          ConsistentRead: true,
          ...(projection === undefined
            ? {}
            : { ProjectionExpression: projection, ExpressionAttributeNames: { "#size": "size" } }),
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      rows.push(...Items);
      startKey = LastEvaluatedKey;
    } while (startKey !== undefined);
  } catch (thrown) {
    throw translated(thrown);
  }
  return rows;
}

async function read(
  client: DynamoDBClient,
  owner: StateOwner,
  key: string,
): Promise<StateDocument | undefined> {
  try {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: env.sessionsTable, Key: rowKey(owner, key), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : documentOf(Item);
  } catch (thrown) {
    throw translated(thrown);
  }
}

const ATTEMPTS = 10;

/** A new key is counted in the transaction that makes it; an old one is replaced at the version that was read. */
async function writeValue(client: DynamoDBClient, write: StateWrite, trail?: Trail): Promise<StateWritten> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { before, floor } = await readForWrite(client, write);
    if (!isExpected(write.expected, before)) return { is: "stale" };
    const entry: StateEntry = {
      key: write.key,
      version: (before?.version ?? floor) + 1,
      size: write.size,
      updatedAtMs: write.nowMs,
    };
    try {
      trail?.note({ key: write.key, version: entry.version, size: write.size });
      await commit(client, { writes: valueWrites(write, entry, { before, floor }), trail });
      return { is: "written", entry };
    } catch (thrown) {
      if (!(thrown instanceof ConditionRefused)) throw thrown;
      if (before === undefined && isFull(thrown.refused.get(1))) return { is: "full" };
      // Somebody else wrote the key meanwhile: whether that was expected is told by reading again.
    }
  }
  return { is: "stale" };
}

/** What a write has to know: the value that it replaces, and the version that no key made from now on may go below. */
interface Before {
  readonly before: StateEntry | undefined;
  readonly floor: number;
}

async function readForWrite(client: DynamoDBClient, { session, key }: StateWrite): Promise<Before> {
  const keys = [rowKey(session, key), countKey(session)];
  const rows = (await readRows(client, { [env.sessionsTable]: keys }))[env.sessionsTable] ?? [];
  const value = rows.find((row) => text(row, "sk") !== "states");
  const count = rows.find((row) => text(row, "sk") === "states");
  return {
    before: value === undefined ? undefined : entryOf(value),
    floor: (count && optionalNumber(count, "floor")) ?? 0,
  };
}

function isFull(count: Item | undefined): boolean {
  return count !== undefined && (optionalNumber(count, "count") ?? 0) >= STATE_KEYS_MAX;
}

function isExpected(expected: Expected, before: StateEntry | undefined): boolean {
  switch (expected.is) {
    case "any":
      return true;
    case "absent":
      return before === undefined;
    case "version":
      return before?.version === expected.version;
  }
}

function valueWrites(write: StateWrite, entry: StateEntry, { before, floor }: Before): TransactWriteItem[] {
  const ttl = Math.ceil(write.expiresAtMs / 1000);
  const row = {
    ...rowKey(write.session, write.key),
    ...toItem({
      version: entry.version,
      size: entry.size,
      updatedAtMs: entry.updatedAtMs,
      json: write.json,
      ttl,
    }),
  };
  if (before !== undefined) {
    return [
      {
        Put: {
          TableName: env.sessionsTable,
          Item: row,
          ConditionExpression: "version = :before",
          ExpressionAttributeValues: { ":before": toAttribute(before.version) },
        },
      },
    ];
  }
  return [
    { Put: { TableName: env.sessionsTable, Item: row, ConditionExpression: "attribute_not_exists(pk)" } },
    {
      Update: {
        TableName: env.sessionsTable,
        Key: countKey(write.session),
        UpdateExpression: "SET #ttl = :ttl ADD #count :one",
        ConditionExpression:
          "(attribute_not_exists(#count) OR #count < :max) AND (attribute_not_exists(floor) OR floor = :floor)",
        ExpressionAttributeNames: { "#count": "count", "#ttl": "ttl" },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        ExpressionAttributeValues: {
          ":floor": toAttribute(floor),
          ":one": { N: "1" },
          ":max": toAttribute(STATE_KEYS_MAX),
          ":ttl": toAttribute(ttl),
        },
      },
    },
  ];
}

async function remove(
  client: DynamoDBClient,
  {
    owner,
    removal,
    trail,
  }: { readonly owner: StateOwner; readonly removal: StateRemoval; readonly trail: Trail },
): Promise<"removed" | "absent" | "stale"> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await read(client, owner, removal.key);
    if (before === undefined) return "absent";
    if (!isExpected(removal.expected, before)) return "stale";
    try {
      trail.note({ key: removal.key, version: before.version });
      await commit(client, { writes: removalWrites(owner, before), trail });
      return "removed";
    } catch (thrown) {
      if (!(thrown instanceof ConditionRefused)) throw thrown;
    }
  }
  return "stale";
}

/** The floor rises by what goes: a key made again never has a version that somebody remembers of the old one. */
function removalWrites(owner: StateOwner, before: StateEntry): TransactWriteItem[] {
  return [
    {
      Delete: {
        TableName: env.sessionsTable,
        Key: rowKey(owner, before.key),
        ConditionExpression: "version = :before",
        ExpressionAttributeValues: { ":before": toAttribute(before.version) },
      },
    },
    {
      Update: {
        TableName: env.sessionsTable,
        Key: countKey(owner),
        UpdateExpression: "ADD #count :less, floor :gone",
        ExpressionAttributeNames: { "#count": "count" },
        ExpressionAttributeValues: { ":less": { N: "-1" }, ":gone": toAttribute(before.version) },
      },
    },
  ];
}

async function counts(
  client: DynamoDBClient,
  tenantId: string,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (sessionIds.length === 0) return new Map();
  const keys = sessionIds.map((sessionId) => countKey({ tenantId, sessionId }));
  const rows = (await readRows(client, { [env.sessionsTable]: keys }))[env.sessionsTable] ?? [];
  return new Map(
    rows.map(
      (row) => [text(row, "pk").slice(tenantId.length + 1), optionalNumber(row, "count") ?? 0] as const,
    ),
  );
}

function entryOf(row: Item): StateEntry {
  return {
    key: text(row, "sk").slice(KEY_PREFIX.length),
    version: number(row, "version"),
    size: number(row, "size"),
    updatedAtMs: number(row, "updatedAtMs"),
  };
}

function documentOf(row: Item): StateDocument {
  return { ...entryOf(row), json: text(row, "json") };
}
