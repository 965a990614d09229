import type { ActivityRecord } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import type { Session, SessionEnd } from "../session/session.ts";
import type { EpochMs } from "../time.ts";

/** The longest that a grant lives (contract section 12). */
export const GRANT_LIFE_SECONDS_MAX = 14_400;

/** How long an agent's request waits for its answer. */
export const REQUEST_LIFE_MS: EpochMs = 3_600_000;

/** An agent, as the user is shown them. */
export interface Agent {
  readonly userId: string;
  /** Their address. */
  readonly name: string;
}

/** Why a grant is over before its time: somebody wanted it so, or its session ended. */
export type GrantEndReason = "revoked" | "session_ended";

/** A user's leave to look at one of their sessions, or an agent's request for it. */
export interface SupportGrant {
  readonly tenantId: string;
  readonly grantId: string;
  /** Whose session it is. */
  readonly userId: string;
  readonly userName: string;
  readonly sessionId: string;
  readonly access: "view" | "guide";
  readonly reason: string;
  /** How long it lives once it is given: 60 to 14,400. */
  readonly lifeSeconds: number;
  /** Who spoke first. */
  readonly origin: "user" | "agent";
  /** Without one it is for the agent who comes first. */
  readonly agent?: Agent;
  readonly createdAtMs: EpochMs;
  readonly answer: "open" | "granted" | "denied";
  /** Of an open request, until when it can be answered; of a grant, until when it is good. Both exclusive. */
  readonly expiresAtMs: EpochMs;
  readonly end?: { readonly reason: GrantEndReason; readonly atMs: EpochMs };
  /** The session that the agent looks by, or looked by last. */
  readonly supportSessionId?: string;
  /** Counts the changes to it. */
  readonly version: number;
}

/** Whether a grant is good at that time, as far as it knows by itself. */
export function isInForce({ answer, end, expiresAtMs }: SupportGrant, nowMs: EpochMs): boolean {
  return answer === "granted" && end === undefined && nowMs < expiresAtMs;
}

/** A change to a grant, with what goes into the same transaction. */
export interface GrantWrite {
  /** As it was read; without it the grant is new. */
  readonly before?: SupportGrant;
  readonly after: SupportGrant;
  /** The session that is looked at, where the change counts only if it is alive and nobody else looks at it anew. */
  readonly watched?: Session;
  /** A support session that begins. */
  readonly starts?: Session;
  /** The support sessions that look at the watched one with it: those of this grant and of others. */
  readonly lookers?: readonly string[];
  /** The support session that ends with it. */
  readonly ends?: { readonly session: Session; readonly end: SessionEnd };
  /** What is on record of it in the user's tenant, beside the request's own record. */
  readonly records: readonly ActivityRecord[];
  /** How long that tenant keeps its records, counted from receipt. */
  readonly retentionDays: number;
}

/** What came of it: `moved` where something else changed the grant or the watched session first. */
export type GrantWritten = "done" | "moved";

/** One page of grants, newest first, with the id to go on from. */
export interface GrantPage {
  readonly grants: readonly SupportGrant[];
  readonly nextAfterId?: string;
}

/** Whose grants to list: all of a tenant's, or those that an agent was given, and those that are for any agent. */
export interface GrantListQuery {
  readonly of: { readonly tenantId: string } | { readonly agentId: string };
  /** 1 to 200. */
  readonly limit: number;
  readonly afterId?: string | undefined;
}

/** The grants of every tenant. They are kept for 30 days after they expire. */
export interface GrantStore {
  get(tenantId: string, grantId: string): Promise<SupportGrant | undefined>;
  /** One that the agent was given, or that is for any agent. */
  getForAgent(agentId: string, grantId: string): Promise<SupportGrant | undefined>;
  list(query: GrantListQuery): Promise<GrantPage>;
  save(write: GrantWrite, trail?: Trail): Promise<GrantWritten>;
}
