import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CONNECTION_LIFE_MS,
  type Connection,
  type ConnectionStore,
  type FeedCheck,
} from "../live/connection.ts";
import type { EpochMs } from "../time.ts";
import { getDerived, queryRows } from "./derived-rows.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { document, type Item, number, text, toItem } from "./item.ts";
import { ConditionRefused, commit } from "./transact.ts";

/** Rows of feeds that nobody removed outlive them by an hour. */
const MARGIN_SECONDS = 3600;
const CHECKS = "live-checks";

/**
 * Open feeds in the derived table: a row in the list of the tenant, one by the connection's own id, which is all that the
 * gateway tells of it later, and one in the list of checks, by the time that each is due.
 */
export function liveTable(client: DynamoDBClient = dynamoClient()): ConnectionStore {
  return {
    open: async ({ connection, ticket, checkAtMs }, trail) => {
      const check = { connectionId: connection.connectionId, atMs: checkAtMs };
      try {
        await commit(client, {
          writes: [
            put({ ...ticketKey(ticket.ticketId), ...toItem({ ttl: ttlAt(ticket.expiresAtMs) }) }),
            put(tenantRow(connection)),
            put(ownRow(connection)),
            put(checkRow(check)),
          ],
          trail,
        });
        return "done";
      } catch (thrown) {
        if (thrown instanceof ConditionRefused && thrown.refused.has(0)) return "ticket_used";
        throw thrown;
      }
    },
    find: async (connectionId) => {
      const own = await getDerived(client, ownKey(connectionId));
      if (own === undefined) return undefined;
      const row = await getDerived(client, tenantKey({ tenantId: text(own, "tenantId"), connectionId }));
      return row === undefined ? undefined : connectionOf(row);
    },
    ofTenant: (tenantId) => ofTenant(client, tenantId),
    activate: async (connection) => {
      await activate(client, connection);
    },
    remove: async (connection) => {
      for (const Key of [tenantKey(connection), ownKey(connection.connectionId)]) {
        await written(() => client.send(new DeleteItemCommand({ TableName: env.derivedTable, Key })));
      }
    },
    countMessage: (connectionId) => countMessage(client, connectionId),
    checkAt: async (check) => {
      await written(() =>
        client.send(new PutItemCommand({ TableName: env.derivedTable, Item: checkRow(check) })),
      );
    },
    takeDue: (nowMs) => takeDue(client, nowMs),
  };
}

async function ofTenant(client: DynamoDBClient, tenantId: string): Promise<readonly Connection[]> {
  const connections: Connection[] = [];
  const rows = queryRows(client, {
    TableName: env.derivedTable,
    KeyConditionExpression: "pk = :feeds",
    ExpressionAttributeValues: { ":feeds": { S: tenantPartition(tenantId) } },
  });
  for await (const row of rows) connections.push(connectionOf(row));
  return connections;
}

/** Nothing is made of a feed that has closed meanwhile. */
async function activate(client: DynamoDBClient, connection: Connection): Promise<void> {
  await written(() =>
    client.send(
      new UpdateItemCommand({
        TableName: env.derivedTable,
        Key: tenantKey(connection),
        UpdateExpression: "SET isActive = :yes",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: { ":yes": { N: "1" } },
      }),
    ),
  );
}

async function countMessage(client: DynamoDBClient, connectionId: string): Promise<number> {
  let count = 0;
  await written(async () => {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: env.derivedTable,
        Key: ownKey(connectionId),
        UpdateExpression: "ADD messages :one",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: { ":one": { N: "1" } },
        ReturnValues: "UPDATED_NEW",
      }),
    );
    count = number(Attributes, "messages");
  });
  return count;
}

/** Whoever deletes a check does it. */
async function* takeDue(client: DynamoDBClient, nowMs: EpochMs): AsyncGenerator<FeedCheck> {
  const rows = queryRows(client, {
    TableName: env.derivedTable,
    KeyConditionExpression: "pk = :checks AND sk <= :now",
    ExpressionAttributeValues: { ":checks": { S: CHECKS }, ":now": { S: `${timeSort(nowMs)}~` } },
  });
  for await (const row of rows) {
    const { pk, sk } = row;
    if (pk === undefined || sk === undefined) continue;
    const isMine = await written(() =>
      client.send(
        new DeleteItemCommand({
          TableName: env.derivedTable,
          Key: { pk, sk },
          ConditionExpression: "attribute_exists(pk)",
        }),
      ),
    );
    if (isMine) yield document<FeedCheck>(row, "check");
  }
}

/** `false` when a condition did not hold. */
async function written(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (thrown) {
    if (thrown instanceof ConditionalCheckFailedException) return false;
    throw translated(thrown);
  }
}

function put(row: Item): TransactWriteItem {
  return {
    Put: { TableName: env.derivedTable, Item: row, ConditionExpression: "attribute_not_exists(pk)" },
  };
}

function tenantRow(connection: Connection): Item {
  const { isActive, ...rest } = connection;
  return {
    ...tenantKey(connection),
    ...toItem({
      connection: rest,
      isActive: Number(isActive),
      ttl: ttlAt(connection.openedAtMs + CONNECTION_LIFE_MS),
    }),
  };
}

function ownRow({ connectionId, tenantId, openedAtMs }: Connection): Item {
  return {
    ...ownKey(connectionId),
    ...toItem({ tenantId, ttl: ttlAt(openedAtMs + CONNECTION_LIFE_MS) }),
  };
}

function checkRow(check: FeedCheck): Item {
  const sk = `${timeSort(check.atMs)}#${check.connectionId}`;
  return toItem({ pk: CHECKS, sk, check, ttl: ttlAt(check.atMs) });
}

function connectionOf(row: Item): Connection {
  const connection = document<Omit<Connection, "isActive">>(row, "connection");
  return { ...connection, isActive: number(row, "isActive") === 1 };
}

function tenantPartition(tenantId: string): string {
  return `${tenantId}#live`;
}

function tenantKey({ tenantId, connectionId }: Pick<Connection, "tenantId" | "connectionId">): Item {
  return { pk: { S: tenantPartition(tenantId) }, sk: { S: connectionId } };
}

function ownKey(connectionId: string): Item {
  return { pk: { S: `live#${connectionId}` }, sk: { S: "feed" } };
}

function ticketKey(ticketId: string): Item {
  return { pk: { S: `live-ticket#${ticketId}` }, sk: { S: "used" } };
}

function ttlAt(atMs: EpochMs): number {
  return Math.ceil(atMs / 1000) + MARGIN_SECONDS;
}

/** 13 digits last until the year 2286. */
function timeSort(atMs: EpochMs): string {
  return String(atMs).padStart(13, "0");
}
