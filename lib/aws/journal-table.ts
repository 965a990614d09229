import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type {
  Journal,
  JournalEntry,
  JournalLine,
  JournalPositions,
  JournalReader,
} from "../activity/journal.ts";
import type { SealBacklog, TenantBacklog } from "../activity/seal-store.ts";
import { getDerived, queryRows } from "./derived-rows.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { type Item, number, text, toAttribute, toItem } from "./item.ts";
import { toPacked, unpacked } from "./packed.ts";

/** Longer than any delivery can be late: a dead-letter queue keeps a record for 14 days. */
const KEPT_SECONDS = 60 * 86_400;
/** Spreads the list of tenants with something new over as many partitions. */
const BACKLOG_SHARDS = 16;
/** Of the last entry there is mostly nothing to be looked for in those before it. */
const LOOK_BACK_PAGE = 10;

/** The journals in the derived table, and beside them the list of tenants whose journal has something new. */
export function journalTable(
  client: DynamoDBClient = dynamoClient(),
): Journal & JournalPositions & SealBacklog {
  return {
    newestFirst: (tenantId) => entries(client, tenantId, { newestFirst: true }),
    after: (tenantId, after) => entries(client, tenantId, { after }),
    append: (entry) => append(client, entry),
    get: async (tenantId, reader) => {
      const row = await getDerived(client, readerKey(tenantId, reader));
      return row === undefined ? 0 : number(row, "number");
    },
    advance: async ({ tenantId, reader, to }) => {
      await unlessRefused(() => client.send(raiseNumber(readerKey(tenantId, reader), to)));
    },
    backlog: () => backlog(client),
    clear: async ({ tenantId, number: last }) => {
      const Key = backlogKey(tenantId);
      await unlessRefused(() =>
        client.send(
          new DeleteItemCommand({
            TableName: env.derivedTable,
            Key,
            ConditionExpression: "#number = :last",
            ExpressionAttributeNames: { "#number": "number" },
            ExpressionAttributeValues: { ":last": toAttribute(last) },
          }),
        ),
      );
    },
  };
}

async function* entries(
  client: DynamoDBClient,
  tenantId: string,
  { after = 0, newestFirst = false }: { readonly after?: number; readonly newestFirst?: boolean },
): AsyncGenerator<JournalEntry> {
  const rows = queryRows(client, {
    TableName: env.derivedTable,
    KeyConditionExpression: "pk = :journal AND sk BETWEEN :low AND :high",
    ExpressionAttributeValues: {
      ":journal": { S: journalPartition(tenantId) },
      ":low": { S: entrySort(after + 1) },
      ":high": { S: "entry#~" },
    },
    ScanIndexForward: !newestFirst,
    ...(newestFirst ? { firstPage: LOOK_BACK_PAGE } : {}),
  });
  for await (const row of rows) yield entryOf(tenantId, row);
}

/** The tenant is on the list before its entry is there: whoever finds nothing new yet leaves it on the list. */
async function append(client: DynamoDBClient, entry: JournalEntry): Promise<boolean> {
  await unlessRefused(() => client.send(raiseNumber(backlogKey(entry.tenantId), entry.number)));
  return await unlessRefused(() =>
    client.send(
      new PutItemCommand({
        TableName: env.derivedTable,
        Item: {
          ...toItem({
            pk: journalPartition(entry.tenantId),
            sk: entrySort(entry.number),
            number: entry.number,
            boundMs: entry.boundMs,
            keptUntilMs: entry.keptUntilMs,
            ttl: Math.ceil(entry.boundMs / 1000) + KEPT_SECONDS,
          }),
          lines: toPacked(entry.lines),
        },
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    ),
  );
}

async function* backlog(client: DynamoDBClient): AsyncGenerator<TenantBacklog> {
  for (let shard = 0; shard < BACKLOG_SHARDS; shard++) {
    const rows = queryRows(client, {
      TableName: env.derivedTable,
      KeyConditionExpression: "pk = :backlog",
      ExpressionAttributeValues: { ":backlog": { S: backlogPartition(shard) } },
    });
    for await (const row of rows) yield { tenantId: text(row, "sk"), number: number(row, "number") };
  }
}

/** Two writers may come in either order: the greater number stays. */
function raiseNumber(Key: Item, to: number): UpdateItemCommand {
  return new UpdateItemCommand({
    TableName: env.derivedTable,
    Key,
    UpdateExpression: "SET #number = :to",
    ConditionExpression: "attribute_not_exists(pk) OR #number < :to",
    ExpressionAttributeNames: { "#number": "number" },
    ExpressionAttributeValues: { ":to": toAttribute(to) },
  });
}

async function unlessRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (thrown) {
    if (thrown instanceof ConditionalCheckFailedException) return false;
    throw translated(thrown);
  }
}

function entryOf(tenantId: string, row: Item): JournalEntry {
  return {
    tenantId,
    number: number(row, "number"),
    boundMs: number(row, "boundMs"),
    keptUntilMs: number(row, "keptUntilMs"),
    lines: unpacked<readonly JournalLine[]>(row, "lines"),
  };
}

/** The partition of a tenant's journal. */
export function journalPartition(tenantId: string): string {
  return `${tenantId}#journal`;
}

function entrySort(entryNumber: number): string {
  return `entry#${String(entryNumber).padStart(12, "0")}`;
}

function readerKey(tenantId: string, reader: JournalReader): Item {
  return { pk: { S: journalPartition(tenantId) }, sk: { S: `reader#${reader}` } };
}

/** Where a tenant stands on the list of those whose journal has something new. */
export function backlogKey(tenantId: string): Item {
  // The end of an id is chance.
  const shard = tenantId.charCodeAt(tenantId.length - 1) % BACKLOG_SHARDS;
  return { pk: { S: backlogPartition(shard) }, sk: { S: tenantId } };
}

function backlogPartition(shard: number): string {
  return `journal-backlog#${shard}`;
}
