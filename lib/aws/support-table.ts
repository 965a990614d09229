import { type DynamoDBClient, QueryCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Session } from "../session/session.ts";
import type { SessionFinder } from "../support/request-support.ts";
import type { GrantListQuery, GrantPage, GrantStore, GrantWrite } from "../support/support-grant.ts";
import { activityPut } from "./activity-item.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { type Item, text, toAttribute } from "./item.ts";
import { sessionItem, sessionKey, sessionOf } from "./session-item.ts";
import { endUpdate, graceOf } from "./session-table.ts";
import { agentPartition, grantItem, grantKey, grantOf, grantPartition, pointerItem } from "./support-item.ts";

/**
 * Grants in the sessions table: a row in the user's tenant, which decides, and one in the partition of its agent that says
 * where that is.
 */
export function supportTable(client: DynamoDBClient = dynamoClient()): GrantStore {
  return {
    get: async (tenantId, grantId) => {
      const [item] = await rowsAt(client, [grantKey(grantPartition(tenantId), grantId)]);
      return item === undefined ? undefined : grantOf(item);
    },
    getForAgent: async (agentId, grantId) => {
      const pointers = [agentId, undefined].map((of) => grantKey(agentPartition(of), grantId));
      const [pointer] = await rowsAt(client, pointers);
      if (pointer === undefined) return undefined;
      const [item] = await rowsAt(client, [grantKey(grantPartition(text(pointer, "tenantId")), grantId)]);
      const grant = item === undefined ? undefined : grantOf(item);
      // Between the two reads another agent may have been quicker.
      return grant?.agent === undefined || grant.agent.userId === agentId ? grant : undefined;
    },
    list: (query) => list(client, query),
    save: async (write, trail) =>
      await commitGuarded(
        client,
        writesOf(write).map((one) => ({ write: one, refusal: "moved" as const })),
        { ...(trail && { trail }), retentionDays: trail === undefined ? write.retentionDays : undefined },
      ),
  };
}

/** Finds a session by its id alone: an index says where it is, and its row what it is. */
export function sessionFinder(client: DynamoDBClient = dynamoClient()): SessionFinder {
  return {
    find: async (sessionId) => {
      const [key] = await query(client, {
        IndexName: "lookup-index",
        KeyConditionExpression: "lookupKey = :id",
        ExpressionAttributeValues: { ":id": { S: sessionId } },
      });
      if (key?.["pk"] === undefined || key["sk"] === undefined) return undefined;
      const [row] = await rowsAt(client, [{ pk: key["pk"], sk: key["sk"] }]);
      return row === undefined ? undefined : sessionOf(row);
    },
  };
}

function writesOf(write: GrantWrite): readonly TransactWriteItem[] {
  const { watched, starts, ends, records, retentionDays } = write;
  return [
    grantPut(write),
    ...pointerWrites(write),
    ...(watched === undefined ? [] : [watchedWrite(watched, write.lookers)]),
    ...(starts === undefined ? [] : [{ Put: newRow(sessionItem(starts, graceOf(starts))) }]),
    ...(ends === undefined ? [] : [{ Update: endUpdate(ends.session, ends.end) }]),
    ...records.map((record) => ({ Put: activityPut(record, retentionDays) })),
  ];
}

function grantPut({ before, after }: GrantWrite): TransactWriteItem {
  if (before === undefined) return { Put: newRow(grantItem(after)) };
  return {
    Put: {
      TableName: env.sessionsTable,
      Item: grantItem(after),
      ConditionExpression: "version = :before",
      ExpressionAttributeValues: { ":before": toAttribute(before.version) },
    },
  };
}

function pointerWrites({ before, after }: GrantWrite): readonly TransactWriteItem[] {
  const isClaimed = before !== undefined && before.agent === undefined && after.agent !== undefined;
  if (before !== undefined && !isClaimed) return [];
  const pointer = { Put: newRow(pointerItem(after, after.agent)) };
  if (!isClaimed) return [pointer];
  const open = grantKey(agentPartition(), after.grantId);
  return [pointer, { Delete: { TableName: env.sessionsTable, Key: open } }];
}

/** The session has to be alive, and, where somebody begins to look, as it was read. */
function watchedWrite(session: Session, lookers: readonly string[] | undefined): TransactWriteItem {
  const row = {
    TableName: env.sessionsTable,
    Key: sessionKey(session.tenantId, session.sessionId),
    ExpressionAttributeNames: { "#status": "status" },
  };
  const values = { ":active": { S: "active" } };
  if (lookers === undefined) {
    return {
      ConditionCheck: {
        ...row,
        ConditionExpression: "#status = :active",
        ExpressionAttributeValues: values,
      },
    };
  }
  const isAsRead = session.lookers === undefined ? "attribute_not_exists(lookers)" : "lookers = :before";
  return {
    Update: {
      ...row,
      UpdateExpression: "SET lookers = :lookers",
      ConditionExpression: `#status = :active AND ${isAsRead}`,
      ExpressionAttributeValues: {
        ...values,
        ":lookers": toAttribute(lookers),
        ...(session.lookers === undefined ? {} : { ":before": toAttribute(session.lookers) }),
      },
    },
  };
}

function newRow(Item: Item) {
  return { TableName: env.sessionsTable, Item, ConditionExpression: "attribute_not_exists(pk)" };
}

async function list(client: DynamoDBClient, asked: GrantListQuery): Promise<GrantPage> {
  const { of, limit } = asked;
  if ("tenantId" in of) {
    const rows = await page(client, grantPartition(of.tenantId), asked);
    return pageOf(rows.map(grantOf), limit);
  }
  const pointers = await Promise.all(
    [of.agentId, undefined].map((agentId) => page(client, agentPartition(agentId), asked)),
  );
  const newest = pointers
    .flat()
    .toSorted((one, other) => (text(one, "sk") > text(other, "sk") ? -1 : 1))
    .slice(0, limit + 1);
  const keys = newest.map((row) => grantKey(grantPartition(text(row, "tenantId")), text(row, "sk")));
  const found = new Map((await rowsAt(client, keys)).map((row) => [text(row, "sk"), grantOf(row)]));
  return pageOf(
    newest.flatMap((row) => found.get(text(row, "sk")) ?? []),
    limit,
  );
}

function pageOf(found: GrantPage["grants"], limit: number): GrantPage {
  const grants = found.slice(0, limit);
  const last = grants.at(-1);
  return { grants, ...(found.length > limit && last !== undefined ? { nextAfterId: last.grantId } : {}) };
}

/** One more than asked for tells whether there is a next page. */
async function page(
  client: DynamoDBClient,
  partition: string,
  { limit, afterId }: GrantListQuery,
): Promise<readonly Item[]> {
  return await query(client, {
    KeyConditionExpression: `pk = :pk${afterId === undefined ? "" : " AND sk < :after"}`,
    ExpressionAttributeValues: {
      ":pk": { S: partition },
      ...(afterId === undefined ? {} : { ":after": { S: afterId } }),
    },
    ScanIndexForward: false,
    ConsistentRead: true,
    Limit: limit + 1,
  });
}

async function query(
  client: DynamoDBClient,
  input: Omit<ConstructorParameters<typeof QueryCommand>[0], "TableName">,
): Promise<readonly Item[]> {
  try {
    const { Items = [] } = await client.send(new QueryCommand({ TableName: env.sessionsTable, ...input }));
    return Items;
  } catch (thrown) {
    throw translated(thrown);
  }
}

async function rowsAt(client: DynamoDBClient, keys: readonly Item[]): Promise<readonly Item[]> {
  if (keys.length === 0) return [];
  const found: Item[] = [];
  for (let from = 0; from < keys.length; from += 100) {
    const rows = await readRows(client, { [env.sessionsTable]: keys.slice(from, from + 100) });
    found.push(...(rows[env.sessionsTable] ?? []));
  }
  return found;
}
