import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Session } from "../session/session.ts";
import type { StartSession } from "../session/session-store.ts";
import { env } from "./env.ts";
import { type Item, toAttribute } from "./item.ts";

const GUARDED = "a_";

/** The one row of a user that counts the active sessions, so that the limit holds under a race. */
export function guardKey({ tenantId, userId }: Pick<Session, "tenantId" | "userId">): Item {
  return { pk: { S: `${tenantId}#${userId}` }, sk: { S: "active" } };
}

/** The ids that the guard counts. */
export function guardedIdsOf(item: Item | undefined): readonly string[] {
  return Object.keys(item ?? {})
    .filter((name) => name.startsWith(GUARDED))
    .map((name) => name.slice(GUARDED.length));
}

/** Counts the new session in and those that give way out; refused when the count or any of those has moved. */
export function guardEntry(start: StartSession): TransactWriteItem {
  const { session, maxConcurrent, evicted, over } = start;
  const gone = [...evicted.map((eviction) => eviction.session.sessionId), ...over];
  const names: Record<string, string> = { "#new": `${GUARDED}${session.sessionId}` };
  gone.forEach((id, index) => {
    names[`#gone${index}`] = `${GUARDED}${id}`;
  });
  const goneNames = gone.map((_, index) => `#gone${index}`);
  const room = maxConcurrent - 1 + gone.length;
  return {
    Update: {
      TableName: env.sessionsTable,
      Key: guardKey(session),
      UpdateExpression: `SET #new = :at ${goneNames.length === 0 ? "" : `REMOVE ${goneNames.join(", ")}`} ADD n :by`,
      ConditionExpression: [
        goneNames.length === 0 ? "(attribute_not_exists(n) OR n <= :room)" : "n <= :room",
        ...goneNames.map((name) => `attribute_exists(${name})`),
      ].join(" AND "),
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: {
        ":at": toAttribute(session.createdAtMs),
        ":by": toAttribute(1 - gone.length),
        ":room": toAttribute(room),
      },
    },
  };
}

/** Counts sessions of one user out; refused when the guard no longer counts one of them. */
export function guardExit(
  of: Pick<Session, "tenantId" | "userId">,
  ids: readonly string[],
): TransactWriteItem {
  const gone = ids.map((id, index) => [`#gone${index}`, `${GUARDED}${id}`] as const);
  const names = gone.map(([name]) => name);
  return {
    Update: {
      TableName: env.sessionsTable,
      Key: guardKey(of),
      UpdateExpression: `REMOVE ${names.join(", ")} ADD n :less`,
      ConditionExpression: names.map((name) => `attribute_exists(${name})`).join(" AND "),
      ExpressionAttributeNames: Object.fromEntries(gone),
      ExpressionAttributeValues: { ":less": toAttribute(-ids.length) },
    },
  };
}
