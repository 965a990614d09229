import type { EpochMs } from "../time.ts";
import type { TenantPolicy } from "./policy.ts";

/** Who opened the session: a person, a pipeline, or a support agent looking on. */
export type SessionKind = "interactive" | "workflow" | "support";

/** Why a session is over. Exactly one of them is true of an ended session (contract section 1). */
export type EndReason =
  | "logged_out"
  | "revoked"
  | "idle_expired"
  | "absolute_expired"
  | "evicted"
  | "refresh_reused"
  | "user_disabled";

/** What the user agent said of itself, and the name the user gave the device. */
export interface Device {
  readonly browser: string;
  readonly os: string;
  readonly type: string;
  readonly name?: string;
}

/** The pipeline run that a workflow session belongs to. */
export interface Workflow {
  readonly provider: string;
  readonly runId: string;
  readonly ref?: string;
}

/** The support grant that a support session looks through. */
export interface SupportView {
  readonly grantId: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly agentTenantId: string;
  readonly watchedSessionId: string;
  readonly access: "view" | "guide";
  readonly expiresAtMs: EpochMs;
}

/** One row of the sessions table: one sign-in on one device. */
export interface Session {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly userId: string;
  readonly kind: SessionKind;
  readonly device: Device;
  readonly ip: string;
  readonly userAgent: string;
  readonly createdAtMs: EpochMs;
  /** Written at most once in `lastSeenGraceMs`: the true last request is less than that later. */
  readonly lastSeenAtMs: EpochMs;
  /** As the policy had it at the last-seen write; a longer timeout never brings an expired session back. */
  readonly idleExpiresAtMs: EpochMs;
  readonly absoluteExpiresAtMs: EpochMs;
  /** What opened it is good until then, and so is the session at the longest: the end of an API key. */
  readonly notAfterMs?: EpochMs;
  readonly amr: readonly string[];
  /** The roles that its user had when it began, or those asked for then. */
  readonly roles: readonly string[];
  /** The roles asked for at sign-in, or `undefined` for all that the user has at any time. */
  readonly roleSubset?: readonly string[];
  /** When a factor was last verified (`auth_time`). */
  readonly authTimeMs: EpochMs;
  /** When a second factor was last verified; absent after a password alone. */
  readonly factorVerifiedAtMs?: EpochMs;
  /** Counts the refresh tokens given out; only the present one, and for the grace the one before, are good. */
  readonly refreshGeneration: number;
  readonly refreshRotatedAtMs: EpochMs;
  /** Raised by a rule's response: the next sensitive or ordinary action asks for a factor first. */
  readonly stepUpDemandedAtMs?: EpochMs;
  readonly workflow?: Workflow;
  readonly support?: SupportView;
  /** The support sessions that were opened to look at this one. Most are over by now. */
  readonly lookers?: readonly string[];
  /** `import` for a history kept elsewhere: never good for signing in. */
  readonly source?: "import";
  /** What the platform that a session was imported from calls its user. */
  readonly userName?: string;
  /** Its place in lists, where its id does not tell when it began: an imported session keeps the id it had. */
  readonly sortKey?: string;
  readonly end?: SessionEnd;
}

/** The end of a session: when it logically ended, which is not when somebody noticed. */
export interface SessionEnd {
  readonly reason: EndReason;
  readonly atMs: EpochMs;
}

/**
 * How long after `lastSeenAtMs` a further request need not be written: 10 % of the idle timeout, at most 60 s.
 * Contract section 3 bounds the lateness of an idle end by the same figure.
 */
export function lastSeenGraceMs(policy: Pick<TenantPolicy, "idleTimeoutSeconds">): number {
  return Math.min(policy.idleTimeoutSeconds * 100, 60_000);
}

/**
 * Says whether and how a session is over at `nowMs`, under the policy of this very moment.
 *
 * The idle end is `lastSeenAtMs + idleTimeout`. It takes effect a grace later, since a request within the grace
 * leaves no trace: it never strikes early. Both ends are exclusive: at the instant itself the session is over.
 */
export function endOf(session: Session, policy: TenantPolicy, nowMs: EpochMs): SessionEnd | undefined {
  if (session.end !== undefined) return session.end;
  const idleAtMs = idleExpiryOf(session, policy);
  const isAlive = nowMs < absoluteExpiryOf(session, policy) && nowMs < idleAtMs + graceOf(session, policy);
  return isAlive ? undefined : endByTime(session, policy);
}

/** How a session that nothing more is heard of ends: at the earlier of its idle and its absolute end. */
export function endByTime(session: Session, policy: TenantPolicy): SessionEnd {
  const idleAtMs = idleExpiryOf(session, policy);
  const absoluteAtMs = absoluteExpiryOf(session, policy);
  return idleAtMs < absoluteAtMs
    ? { reason: "idle_expired", atMs: idleAtMs }
    : { reason: "absolute_expired", atMs: absoluteAtMs };
}

/** Where a session stands among others: by when it began. */
export function sortKeyOf(session: Pick<Session, "sessionId" | "sortKey">): string {
  return session.sortKey ?? session.sessionId;
}

/** When the session ends if nothing more is heard of it: the earlier of what was stored and what the policy says now. */
export function idleExpiryOf(session: Session, policy: TenantPolicy): EpochMs {
  return Math.min(session.idleExpiresAtMs, session.lastSeenAtMs + policy.idleTimeoutSeconds * 1000);
}

/** When the session ends whatever is heard of it: the earlier of what was stored and what the policy says now. */
export function absoluteExpiryOf(session: Session, policy: TenantPolicy): EpochMs {
  return Math.min(session.absoluteExpiresAtMs, session.createdAtMs + policy.absoluteTimeoutSeconds * 1000);
}

/**
 * Whether a request of a live session is worth a write: its last-seen time is old enough, or the tenant has made the
 * timeout longer, which holds from the session's next request on.
 */
export function needsTouch(session: Session, policy: TenantPolicy, nowMs: EpochMs): boolean {
  const isExtended = session.idleExpiresAtMs < session.lastSeenAtMs + policy.idleTimeoutSeconds * 1000;
  return isExtended || nowMs - session.lastSeenAtMs >= graceOf(session, policy);
}

/** The grace of the timeout that counts: where the policy's is longer than what was stored, still that of the row. */
function graceOf(session: Session, policy: TenantPolicy): number {
  const idleMs = idleExpiryOf(session, policy) - session.lastSeenAtMs;
  return lastSeenGraceMs({ idleTimeoutSeconds: idleMs / 1000 });
}

/** The session as the next request leaves it, under the policy of this moment. */
export function touched(session: Session, policy: TenantPolicy, nowMs: EpochMs): Session {
  return {
    ...session,
    lastSeenAtMs: nowMs,
    idleExpiresAtMs: nowMs + policy.idleTimeoutSeconds * 1000,
    absoluteExpiresAtMs: Math.min(
      session.createdAtMs + policy.absoluteTimeoutSeconds * 1000,
      session.support?.expiresAtMs ?? Number.POSITIVE_INFINITY,
      session.notAfterMs ?? Number.POSITIVE_INFINITY,
    ),
  };
}
