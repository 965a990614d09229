import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Session } from "../session/session.ts";
import type { RunSeat } from "../session/session-store.ts";
import { env } from "./env.ts";
import type { GuardedWrite } from "./guarded-write.ts";
import { type Item, toAttribute } from "./item.ts";

/** The longest a session can live, and be listed after its end: 30 days each (contract section 3). */
const KEPT_MS = 60 * 24 * 60 * 60 * 1000;

/** The partition of a run: a row for each key and trust rule that took part, and the mark that it is closed. */
export function runPartition(tenantId: string, runId: string): string {
  return `${tenantId}#run#${runId}`;
}

/** The key of the mark that nobody may open a session of the run any more. */
export function closedMarkKey(tenantId: string, runId: string): Item {
  return { pk: { S: runPartition(tenantId, runId) }, sk: { S: "closed" } };
}

/** The key of the mark that a CI provider's token was used. */
export function ciTokenKey(tenantId: string, tokenKey: string): Item {
  return { pk: { S: `${tenantId}#ci-token#${tokenKey}` }, sk: { S: "used" } };
}

/** The sort key of the place that a key or trust rule has in a run. */
export function seatSortKey(principalId: string): string {
  return `seat#${principalId}`;
}

/** When nobody asks for a run any more that was last heard of at `atMs`, in whole seconds. */
export function runTtlSeconds(atMs: number): number {
  return Math.ceil((atMs + KEPT_MS) / 1000);
}

/**
 * Seats a session in its run: refused where another session has taken the place meanwhile, or the run was closed. Of
 * two jobs that ask at once one opens the session, and the other finds it.
 */
export function seatWrites(
  session: Session,
  seat: RunSeat | undefined,
): readonly GuardedWrite<"run_moved">[] {
  if (seat === undefined || session.workflow === undefined) return [];
  const { tenantId, sessionId, userId, createdAtMs, workflow } = session;
  const Key = {
    pk: { S: runPartition(tenantId, workflow.runId) },
    sk: { S: seatSortKey(userId) },
  };
  const taken: TransactWriteItem = {
    Update: {
      TableName: env.sessionsTable,
      Key,
      UpdateExpression: "SET #current = :session, #ttl = :ttl ADD sessionIds :sessions",
      ConditionExpression: seat.replaces === undefined ? "attribute_not_exists(pk)" : "#current = :replaces",
      ExpressionAttributeNames: { "#current": "currentId", "#ttl": "ttl" },
      ExpressionAttributeValues: {
        ":session": { S: sessionId },
        ":sessions": { SS: [sessionId] },
        ":ttl": toAttribute(runTtlSeconds(createdAtMs)),
        ...(seat.replaces === undefined ? {} : { ":replaces": { S: seat.replaces } }),
      },
    },
  };
  const open: TransactWriteItem = {
    ConditionCheck: {
      TableName: env.sessionsTable,
      Key: closedMarkKey(tenantId, workflow.runId),
      ConditionExpression: "attribute_not_exists(pk)",
    },
  };
  return [taken, open].map((write) => ({ write, refusal: "run_moved" }));
}
