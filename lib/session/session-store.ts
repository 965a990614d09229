import type { ActivityRecord } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import type { InvitationAccepted } from "../identity/account-store.ts";
import type { FactorVerified } from "../mfa/factor-store.ts";
import type { PendingSmsCode } from "../mfa/sms-code.ts";
import type { EpochMs } from "../time.ts";
import type { Session, SessionEnd } from "./session.ts";

/**
 * What a sign-in proved, used up in the very transaction that makes the session: no proof is good twice.
 * `enrolment` and `invitation` are what a first sign-in settles: the factor shown to work, the password chosen.
 */
export type Proof =
  | AttemptsProof
  | { readonly kind: "challenge"; readonly challengeId: string }
  | { readonly kind: "totp"; readonly factorId: string; readonly step: number }
  | { readonly kind: "recovery"; readonly index: number }
  | { readonly kind: "sms"; readonly factorId: string; readonly pending: PendingSmsCode }
  | { readonly kind: "passkey"; readonly factorId: string; readonly signCount: number }
  | { readonly kind: "passkey_challenge"; readonly challenge: string; readonly expiresAtMs: EpochMs }
  | { readonly kind: "enrolment"; readonly verified: FactorVerified }
  | { readonly kind: "invitation"; readonly accepted: InvitationAccepted }
  | CiTokenProof;

/** A token of a CI provider that says of itself that it is the only one of its name (`jti`). */
export interface CiTokenProof {
  readonly kind: "ci_token";
  /** A digest of the issuer and the token's own name. */
  readonly tokenKey: string;
  readonly expiresAtMs: EpochMs;
}

/** That no more attempts failed than were known of. */
export interface AttemptsProof {
  readonly kind: "attempts";
  /** The greatest `FailedAttempts.total` with which this success still counts. */
  readonly mostFailures: number;
  /** The failures, by id, that are forgotten with this success. */
  readonly settled: readonly string[];
}

/** Why a proof was not taken: used before or not good any more; or too many attempts failed meanwhile. */
export type ProofRefusal = "proof_used" | "attempts_failed";

/** The place in a run that a session takes: each key and each trust rule has one in it at a time. */
export interface RunSeat {
  /** The session that had the place before and is over; `undefined` where nobody had it. */
  readonly replaces: string | undefined;
}

/** A session to be made, those that give way to it, and those of the guard's that turned out to be over already. */
export interface StartSession {
  readonly session: Session;
  /** The most sessions that may be active at once, this one counted. */
  readonly maxConcurrent: number;
  readonly proofs: readonly Proof[];
  /** Ended in the same transaction; each with its own `session:end` record. */
  readonly evicted: readonly {
    readonly session: Session;
    readonly end: SessionEnd;
    readonly record: ActivityRecord;
  }[];
  /** Ids that the guard still counts though their sessions are over. */
  readonly over: readonly string[];
  readonly records: readonly ActivityRecord[];
  /** Its place in the run that `session.workflow` names. */
  readonly seat?: RunSeat | undefined;
  /** How many attempts were contended before this one: the store waits the longer after it. */
  readonly attempt: number;
}

/**
 * What came of it: `contended` when the guard moved meanwhile (read again and try again), `run_moved` when somebody
 * else took its place in the run or the run was closed, or why a proof was refused.
 */
export type StartOutcome = "started" | "contended" | "run_moved" | ProofRefusal;

/** What came of a rotation: `contended` when another call rotated, or something ended it, first. */
export type RotateOutcome = "rotated" | "contended" | ProofRefusal;

/** One page of sessions, newest first, with the id to go on from. */
export interface SessionPage {
  readonly sessions: readonly Session[];
  readonly nextAfterId?: string;
}

/** Whose sessions to list: one user's or the whole tenant's. */
export interface SessionListQuery {
  readonly tenantId: string;
  readonly userId?: string;
  readonly limit: number;
  readonly afterId?: string;
}

/** The end of one session, with the records that are written with it. */
export interface EndWrite {
  readonly session: Session;
  readonly end: SessionEnd;
  readonly records: readonly ActivityRecord[];
  readonly trail?: Trail | undefined;
  /** How long the records are kept, counted from receipt, where there is no trail to tell. */
  readonly retentionDays?: number | undefined;
}

/** A step from one refresh token to the next, and what is settled with it. */
export interface RotateWrite {
  /** As it was read. */
  readonly session: Session;
  /** As it shall be. */
  readonly next: Session;
  readonly trail: Trail;
  readonly proofs?: readonly Proof[];
}

/** As many as a transaction of 100 writes has room for: a row and a record each, their guard and the request's record. */
export const ENDED_TOGETHER_MAX = 49;

/** The sessions of every tenant. Every write that ends one carries the one record of it, in one transaction. */
export interface SessionStore {
  get(tenantId: string, sessionId: string): Promise<Session | undefined>;
  getMany(tenantId: string, sessionIds: readonly string[]): Promise<readonly Session[]>;
  /** The ids that the user's guard counts as active. Some may be over by now. */
  guardedIds(tenantId: string, userId: string): Promise<readonly string[]>;
  start(start: StartSession, trail: Trail): Promise<StartOutcome>;
  /**
   * Ends a session that is still active, with its records; `false` when something else had ended it before.
   * With a trail, the request's own record goes into the transaction too.
   */
  end(ending: EndWrite): Promise<boolean>;
  /**
   * Ends sessions of one user together, at most `ENDED_TOGETHER_MAX`, each with its records; `false`, with nothing
   * written, where one of them had moved meanwhile. With a trail, the request's own record goes with them.
   */
  endTogether(endings: readonly Omit<EndWrite, "trail">[], trail?: Trail): Promise<boolean>;
  /** Moves the refresh token on by one generation. */
  rotate(rotation: RotateWrite): Promise<RotateOutcome>;
  list(query: SessionListQuery): Promise<SessionPage>;
  /** Puts back a session that the table's own expiry removed, as ended; `false` when that had been done before. */
  restoreEnded(restored: Omit<EndWrite, "trail">): Promise<boolean>;
}

/** How long an ended session stays listed, and its state with it (contract section 3). */
export const ENDED_KEPT_MS: EpochMs = 30 * 24 * 60 * 60 * 1000;
