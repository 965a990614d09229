import type { ActivityRecord } from "../activity/activity.ts";
import type { EndReason, Session } from "../session/session.ts";
import type { EpochMs } from "../time.ts";

/** OpenID CAEP 1.0 section 3.1. */
const SESSION_REVOKED = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

/** OpenID Shared Signals Framework 1.0 section 7.1.4. */
const VERIFICATION = "https://schemas.openid.net/secevent/ssf/event-type/verification";

/** The end of a session, and the record of it. */
export interface RevokedSession {
  readonly issuer: string;
  readonly session: Session;
  readonly reason: EndReason;
  readonly record: ActivityRecord;
}

/** The claims that tell of a session's end (RFC 8417, CAEP 1.0), but for `jti`, `iat` and `aud`. */
export function sessionRevokedClaims({ issuer, session, reason, record }: RevokedSession): object {
  return {
    iss: issuer,
    txn: record.requestId,
    sub_id: {
      format: "complex",
      session: { format: "opaque", id: session.sessionId },
      user: { format: "iss_sub", iss: issuer, sub: session.userId },
      tenant: { format: "opaque", id: session.tenantId },
    },
    events: {
      [SESSION_REVOKED]: {
        event_timestamp: Math.floor(record.timeMs / 1000),
        initiating_entity: initiatorOf(session, reason, record),
        reason_admin: { en: reason },
      },
    },
  };
}

/** The claims of a trial: the event by which a transmitter shows that it reaches its receiver. */
export function verificationClaims(issuer: string, webhookId: string): object {
  return {
    iss: issuer,
    sub_id: { format: "opaque", id: webhookId },
    events: { [VERIFICATION]: {} },
  };
}

/** The claims as one endpoint gets them. A token is not signed before it is sent: keys rotate. */
export function addressed(
  claims: object,
  to: { readonly audience: string; readonly messageId: string; readonly nowMs: EpochMs },
): object {
  return { ...claims, jti: to.messageId, iat: Math.floor(to.nowMs / 1000), aud: to.audience };
}

/** CAEP 1.0 section 2: `admin`, `user`, `policy` or `system`. */
function initiatorOf(session: Session, reason: EndReason, { actor }: ActivityRecord): string {
  switch (reason) {
    case "logged_out":
      return "user";
    case "user_disabled":
      return "admin";
    case "revoked":
      if (actor.type === "service") return "policy";
      return actor.id === session.userId ? "user" : "admin";
    default:
      return "policy";
  }
}
