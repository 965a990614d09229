import type { KnownSession } from "../usage/usage-source.ts";
import { type Item, number, optionalText, text, toItem } from "./item.ts";

/** The key of what stays known of a session when its row has left the sessions table, 30 days after its end. */
export function sessionLifeKey(tenantId: string, sessionId: string): Item {
  return { pk: { S: `${tenantId}#life#${sessionId}` }, sk: { S: "life" } };
}

/** A session that is over, as bills go on to need it. The same session again is the same row. */
export function sessionLifeItem(tenantId: string, session: KnownSession): Item {
  const { sessionId, userId, startedAtMs, endedAtMs, isImported } = session;
  return {
    ...sessionLifeKey(tenantId, sessionId),
    ...toItem({ sessionId, userId, startedAtMs, endedAtMs, source: isImported ? "import" : undefined }),
  };
}

/** Reads a row back. @throws Error for a row that is not a session's life */
export function sessionLifeOf(item: Item): KnownSession {
  return {
    sessionId: text(item, "sessionId"),
    userId: text(item, "userId"),
    startedAtMs: number(item, "startedAtMs"),
    endedAtMs: number(item, "endedAtMs"),
    isImported: optionalText(item, "source") === "import",
  };
}
