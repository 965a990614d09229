import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Trail } from "../activity/trail.ts";
import type { SessionToucher } from "../session/caller.ts";
import { type Session, type SessionEnd, sortKeyOf } from "../session/session.ts";
import type {
  EndWrite,
  ProofRefusal,
  SessionListQuery,
  SessionStore,
  StartSession,
} from "../session/session-store.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded, type GuardedWrite } from "./guarded-write.ts";
import { type Item, toAttribute } from "./item.ts";
import { consumeProofs } from "./proof-writes.ts";
import { guardEntry, guardExit, guardedIdsOf, guardKey } from "./session-guard.ts";
import { sessionItem, sessionKey, sessionOf, sessionTtlSeconds } from "./session-item.ts";
import { ConditionRefused, commit, pause } from "./transact.ts";
import { seatWrites } from "./workflow-run-item.ts";

/** Long enough for fifty sign-ins of one user to find their turns. */
const CONTENDED_PAUSE_MAX_MS = 1000;

/** The sessions table as the session use cases see it. */
export function sessionTable(client: DynamoDBClient = dynamoClient()): SessionStore & SessionToucher {
  return {
    get: async (tenantId, sessionId) => (await getSessions(client, tenantId, [sessionId]))[0],
    getMany: (tenantId, sessionIds) => getSessions(client, tenantId, sessionIds),
    guardedIds: async (tenantId, userId) => {
      const rows = await readRows(client, { [env.sessionsTable]: [guardKey({ tenantId, userId })] });
      return guardedIdsOf(rows[env.sessionsTable]?.[0]);
    },
    start: async (start, trail) => {
      const outcome = await commitGuarded(client, startWrites(start), { trail, also: startRecords(start) });
      if (outcome === "contended") await pause(start.attempt, CONTENDED_PAUSE_MAX_MS);
      return outcome === "done" ? "started" : outcome;
    },
    end: ({ session, end, records, trail, retentionDays }) =>
      endOnce(session, { Update: endUpdate(session, end) }, (writes) =>
        commit(client, { writes, trail, also: records, retentionDays }),
      ),
    endTogether: (endings, trail) => endTogether(client, endings, trail),
    rotate: async ({ session, next, trail, proofs = [] }) => {
      const outcome = await commitGuarded(
        client,
        [
          ...consumeProofs(session, proofs),
          { write: { Update: rotation(session, next) }, refusal: "contended" },
        ],
        { trail },
      );
      return outcome === "done" ? "rotated" : outcome;
    },
    list: (query) => listSessions(client, query),
    restoreEnded: ({ session, end, records, retentionDays }) =>
      endOnce(session, endedPut(session, end), (writes) =>
        commit(client, { writes, also: records, retentionDays }),
      ),
    touch: (seen, _nowMs, before) => touch(client, seen, before),
  };
}

async function getSessions(
  client: DynamoDBClient,
  tenantId: string,
  ids: readonly string[],
): Promise<Session[]> {
  if (ids.length === 0) return [];
  try {
    if (ids.length === 1) {
      const [id = ""] = ids;
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: env.sessionsTable,
          Key: sessionKey(tenantId, id),
          ConsistentRead: true,
        }),
      );
      return Item === undefined ? [] : [sessionOf(Item)];
    }
    return await batchGetSessions(client, tenantId, ids);
  } catch (thrown) {
    throw translated(thrown);
  }
}

async function batchGetSessions(
  client: DynamoDBClient,
  tenantId: string,
  ids: readonly string[],
): Promise<Session[]> {
  const found: Session[] = [];
  let keys: Item[] = ids.map((id) => sessionKey(tenantId, id));
  while (keys.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({
        RequestItems: { [env.sessionsTable]: { Keys: keys.slice(0, 100), ConsistentRead: true } },
      }),
    );
    found.push(...(Responses?.[env.sessionsTable] ?? []).map(sessionOf));
    keys = [...keys.slice(100), ...(UnprocessedKeys?.[env.sessionsTable]?.Keys ?? [])];
  }
  return found;
}

/* ---- starting ---- */

/** The proofs come first: one that was used before is not worth another try. */
function startWrites(start: StartSession): readonly GuardedWrite<"contended" | "run_moved" | ProofRefusal>[] {
  const { session, proofs, evicted } = start;
  const row = sessionItem(session, graceOf(session));
  const writes = [
    guardEntry(start),
    ...evicted.map((eviction) => ({ Update: endUpdate(eviction.session, eviction.end) })),
    {
      Put: { TableName: env.sessionsTable, Item: row, ConditionExpression: "attribute_not_exists(pk)" },
    },
  ];
  return [
    ...consumeProofs(session, proofs),
    ...seatWrites(session, start.seat),
    ...writes.map((write) => ({ write, refusal: "contended" }) as const),
  ];
}

function startRecords(start: StartSession) {
  return [...start.evicted.map((eviction) => eviction.record), ...start.records];
}

/* ---- ending ---- */

/** Ends a session's row. An idle end holds only for a session that nobody has been seen in since: a last-seen write in between wins. */
export function endUpdate(session: Session, end: SessionEnd) {
  const idle = end.reason === "idle_expired";
  return {
    TableName: env.sessionsTable,
    Key: sessionKey(session.tenantId, session.sessionId),
    UpdateExpression:
      "SET #status = :ended, endReason = :reason, endedAtMs = :at, #ttl = :ttl REMOVE expiryKey",
    ConditionExpression: `#status = :active${idle ? " AND lastSeenAtMs = :seen" : ""}`,
    ExpressionAttributeNames: { "#status": "status", "#ttl": "ttl" },
    ExpressionAttributeValues: {
      ":ended": { S: "ended" },
      ":active": { S: "active" },
      ":reason": { S: end.reason },
      ":at": toAttribute(end.atMs),
      ":ttl": toAttribute(sessionTtlSeconds({ ...session, end }, 0)),
      ...(idle ? { ":seen": toAttribute(session.lastSeenAtMs) } : {}),
    },
  };
}

/** The guard may have let go of a session before (a sign-in found it over): then it ends without the guard. */
async function endOnce(
  session: Session,
  ending: TransactWriteItem,
  write: (writes: readonly TransactWriteItem[]) => Promise<void>,
): Promise<boolean> {
  try {
    await write([ending, guardExit(session, [session.sessionId])]);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ConditionRefused)) throw thrown;
    if (thrown.refused.has(0)) return false;
    return await unlessRefused(() => write([ending]));
  }
}

async function endTogether(
  client: DynamoDBClient,
  endings: readonly Omit<EndWrite, "trail">[],
  trail: Trail | undefined,
): Promise<boolean> {
  const [first] = endings;
  if (first === undefined) return true;
  const { session, retentionDays } = first;
  const writes = [
    ...endings.map((ending) => ({ Update: endUpdate(ending.session, ending.end) })),
    guardExit(
      session,
      endings.map((ending) => ending.session.sessionId),
    ),
  ];
  const also = endings.flatMap(({ records }) => records);
  return await unlessRefused(() => commit(client, { writes, also, trail, retentionDays }));
}

/** The row is gone: what is put in its place is the session as it ended. */
function endedPut(session: Session, end: SessionEnd): TransactWriteItem {
  return {
    Put: {
      TableName: env.sessionsTable,
      Item: sessionItem({ ...session, end }, 0),
      ConditionExpression: "attribute_not_exists(pk)",
    },
  };
}

async function unlessRefused(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (thrown) {
    if (thrown instanceof ConditionRefused) return false;
    throw thrown;
  }
}

/* ---- going on ---- */

function rotation(session: Session, next: Session) {
  const row = sessionItem(next, graceOf(next));
  const moved = [
    "refreshGeneration",
    "refreshRotatedAtMs",
    "authTimeMs",
    "factorVerifiedAtMs",
    "amr",
    "lastSeenAtMs",
    "idleExpiresAtMs",
    "absoluteExpiresAtMs",
    "ttl",
  ].filter((name) => row[name] !== undefined);
  const settlesStepUp = session.stepUpDemandedAtMs !== undefined && next.stepUpDemandedAtMs === undefined;
  return {
    TableName: env.sessionsTable,
    Key: sessionKey(session.tenantId, session.sessionId),
    UpdateExpression: `SET ${moved.map((name) => `#${name} = :${name}`).join(", ")}${settlesStepUp ? " REMOVE stepUpDemandedAtMs" : ""}`,
    ConditionExpression: "#status = :active AND #refreshGeneration = :before",
    ExpressionAttributeNames: {
      "#status": "status",
      ...Object.fromEntries(moved.map((name) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ":active": { S: "active" },
      ":before": toAttribute(session.refreshGeneration),
      ...Object.fromEntries(moved.map((name) => [`:${name}`, row[name] ?? { NULL: true as const }])),
    },
  };
}

async function touch(client: DynamoDBClient, seen: Session, before: Session): Promise<void> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: env.sessionsTable,
        Key: sessionKey(seen.tenantId, seen.sessionId),
        UpdateExpression:
          "SET lastSeenAtMs = :seen, idleExpiresAtMs = :idle, absoluteExpiresAtMs = :absolute, #ttl = :ttl",
        ConditionExpression: "#status = :active AND lastSeenAtMs = :before",
        ExpressionAttributeNames: { "#status": "status", "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ":active": { S: "active" },
          ":before": toAttribute(before.lastSeenAtMs),
          ":seen": toAttribute(seen.lastSeenAtMs),
          ":idle": toAttribute(seen.idleExpiresAtMs),
          ":absolute": toAttribute(seen.absoluteExpiresAtMs),
          ":ttl": toAttribute(sessionTtlSeconds(seen, graceOf(seen))),
        },
      }),
    );
  } catch (thrown) {
    // Another request of the same session was quicker, or it ended: either way there is nothing to add.
    if (!(thrown instanceof ConditionalCheckFailedException)) throw translated(thrown);
  }
}

/** The grace that the row's own idle span stands for: a tenth of it, at most a minute. */
export function graceOf(session: Session): number {
  return Math.min((session.idleExpiresAtMs - session.lastSeenAtMs) / 10, 60_000);
}

/* ---- listing ---- */

async function listSessions(client: DynamoDBClient, query: SessionListQuery) {
  const [index, attribute, value] =
    query.userId === undefined
      ? ["tenant-index", "tenantKey", `${query.tenantId}#sessions`]
      : ["user-index", "userKey", `${query.tenantId}#${query.userId}`];
  try {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: env.sessionsTable,
        IndexName: index,
        KeyConditionExpression: `${attribute} = :key${query.afterId === undefined ? "" : " AND sessionSort < :after"}`,
        ExpressionAttributeValues: {
          ":key": { S: value },
          ...(query.afterId === undefined ? {} : { ":after": { S: query.afterId } }),
        },
        ScanIndexForward: false,
        Limit: query.limit,
      }),
    );
    const sessions = Items.map(sessionOf);
    const last = sessions.at(-1);
    return {
      sessions,
      ...(LastEvaluatedKey === undefined || last === undefined ? {} : { nextAfterId: sortKeyOf(last) }),
    };
  } catch (thrown) {
    throw translated(thrown);
  }
}
