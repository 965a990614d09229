import {
  type Device,
  type EndReason,
  type Session,
  type SessionKind,
  type SupportView,
  sortKeyOf,
  type Workflow,
} from "../session/session.ts";
import { ENDED_KEPT_MS } from "../session/session-store.ts";
import {
  document,
  type Item,
  number,
  optionalDocument,
  optionalNumber,
  optionalText,
  present,
  text,
  toItem,
} from "./item.ts";

/** The key of a session's row. */
export function sessionKey(tenantId: string, sessionId: string): Item {
  return { pk: { S: `${tenantId}#${sessionId}` }, sk: { S: "session" } };
}

/**
 * A session as a row. `ttl` lets the table itself remove what nobody ended: a live row at the first instant at
 * which it cannot be alive any more (`graceMs` after its idle end), an ended one when it is no longer listed.
 */
export function sessionItem(session: Session, graceMs: number): Item {
  const { tenantId, sessionId, userId, end } = session;
  return toItem({
    pk: `${tenantId}#${sessionId}`,
    sk: "session",
    userKey: `${tenantId}#${userId}`,
    tenantKey: `${tenantId}#sessions`,
    sessionSort: sortKeyOf(session),
    expiryKey: end === undefined ? expiryKeyOf(sessionId) : undefined,
    tenantId,
    sessionId,
    userId,
    kind: session.kind,
    status: end === undefined ? "active" : "ended",
    endReason: end?.reason,
    endedAtMs: end?.atMs,
    device: session.device,
    ip: session.ip,
    userAgent: session.userAgent,
    createdAtMs: session.createdAtMs,
    lastSeenAtMs: session.lastSeenAtMs,
    idleExpiresAtMs: session.idleExpiresAtMs,
    absoluteExpiresAtMs: session.absoluteExpiresAtMs,
    notAfterMs: session.notAfterMs,
    amr: session.amr.join(" "),
    roles: session.roles,
    roleSubset: session.roleSubset,
    authTimeMs: session.authTimeMs,
    factorVerifiedAtMs: session.factorVerifiedAtMs,
    refreshGeneration: session.refreshGeneration,
    refreshRotatedAtMs: session.refreshRotatedAtMs,
    stepUpDemandedAtMs: session.stepUpDemandedAtMs,
    workflow: session.workflow,
    support: session.support,
    lookers: session.lookers,
    lookupKey: isToBeFound(session) ? sessionId : undefined,
    importSource: session.source,
    userName: session.userName,
    ttl: sessionTtlSeconds(session, graceMs),
  });
}

/** Whom a support agent may ask for a look is found by the session's id alone: people and pipelines who are signed in here. */
function isToBeFound({ kind, source }: Session): boolean {
  return kind !== "support" && source === undefined;
}

const EXPIRY_PARTITIONS = "0123456789abcdefghjkmnpqrstvwxyz";

/** The partitions of the index of active sessions, which sort there by `ttl`. */
export const EXPIRY_KEYS: readonly string[] = Array.from(EXPIRY_PARTITIONS, (letter) => `expiry#${letter}`);

/** Spread by the last letter of the id, which is chance: one partition could not take all sessions' last-seen writes. */
function expiryKeyOf(sessionId: string): string {
  return `expiry#${sessionId.slice(-1)}`;
}

/** When the table may remove the row, in whole seconds. */
export function sessionTtlSeconds(session: Session, graceMs: number): number {
  const atMs =
    session.end === undefined
      ? Math.min(session.idleExpiresAtMs + graceMs, session.absoluteExpiresAtMs)
      : session.end.atMs + ENDED_KEPT_MS;
  return Math.ceil(atMs / 1000);
}

/** Reads a row back. @throws Error for a row that is not a session's */
export function sessionOf(item: Item): Session {
  return {
    tenantId: text(item, "tenantId"),
    sessionId: text(item, "sessionId"),
    userId: text(item, "userId"),
    kind: text(item, "kind") as SessionKind,
    device: document<Device>(item, "device"),
    ip: text(item, "ip"),
    userAgent: text(item, "userAgent"),
    createdAtMs: number(item, "createdAtMs"),
    lastSeenAtMs: number(item, "lastSeenAtMs"),
    idleExpiresAtMs: number(item, "idleExpiresAtMs"),
    absoluteExpiresAtMs: number(item, "absoluteExpiresAtMs"),
    ...present("notAfterMs", optionalNumber(item, "notAfterMs")),
    amr: text(item, "amr").split(" ").filter(Boolean),
    roles: document<readonly string[]>(item, "roles"),
    ...present("roleSubset", optionalDocument<readonly string[]>(item, "roleSubset")),
    authTimeMs: number(item, "authTimeMs"),
    ...present("factorVerifiedAtMs", optionalNumber(item, "factorVerifiedAtMs")),
    refreshGeneration: number(item, "refreshGeneration"),
    refreshRotatedAtMs: number(item, "refreshRotatedAtMs"),
    ...present("stepUpDemandedAtMs", optionalNumber(item, "stepUpDemandedAtMs")),
    ...present("workflow", optionalDocument<Workflow>(item, "workflow")),
    ...present("support", optionalDocument<SupportView>(item, "support")),
    ...present("lookers", optionalDocument<readonly string[]>(item, "lookers")),
    ...(optionalText(item, "importSource") === "import"
      ? { source: "import" as const, sortKey: text(item, "sessionSort") }
      : {}),
    ...present("userName", optionalText(item, "userName")),
    ...(optionalText(item, "status") === "ended"
      ? { end: { reason: text(item, "endReason") as EndReason, atMs: number(item, "endedAtMs") } }
      : {}),
  };
}
