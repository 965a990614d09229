import type { Session } from "../session/session.ts";
import type { KnownSession } from "../usage/usage-store.ts";
import { type Item, number, optionalText, text, toItem } from "./item.ts";

/** The key of what stays known of a session when its row has left the sessions table, 30 days after its end. */
export function sessionLifeKey(tenantId: string, sessionId: string): Item {
  return { pk: { S: `${tenantId}#life#${sessionId}` }, sk: { S: "life" } };
}

/** An ended session as bills go on to need it. The same session again is the same row. */
export function sessionLifeItem(
  { tenantId, sessionId, userId, createdAtMs, source }: Session,
  endedAtMs: number,
): Item {
  return {
    ...sessionLifeKey(tenantId, sessionId),
    ...toItem({ sessionId, userId, startedAtMs: createdAtMs, endedAtMs, importSource: source }),
  };
}

/** Reads a row back. @throws Error for a row that is not a session's life */
export function sessionLifeOf(item: Item): KnownSession {
  return {
    sessionId: text(item, "sessionId"),
    userId: text(item, "userId"),
    startedAtMs: number(item, "startedAtMs"),
    endedAtMs: number(item, "endedAtMs"),
    isImported: optionalText(item, "importSource") === "import",
  };
}
