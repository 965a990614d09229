import type { TenantPolicy } from "../../lib/session/policy.ts";
import type { EndReason } from "../../lib/session/session.ts";
import type { TestTenant, TestUser } from "../support/accounts.ts";

/**
 * What the contract promises of everything that a run does, kept apart from how the product keeps it. Where a request met a
 * fault nobody knows whether it has happened: what may be is kept beside what is sure (`seenMs` and `seenMaxMs`), until
 * a later answer settles it.
 */

/** The platform's longest grace of an idle end (contract section 3). */
const GRACE_MAX_MS = 60_000;

/** A session as its user and the clock know it. */
export interface ModelSession {
  readonly id: string;
  readonly person: Person;
  readonly createdAtMs: number;
  /** The last request that was surely taken, and the last one that may have been. */
  seenMs: number;
  seenMaxMs: number;
  /** The shortest idle timeout since `seenMs`, and the shortest absolute one of all its life. */
  idleFloorSeconds: number;
  absoluteFloorSeconds: number;
  /** The longest idle timeout that it ever had. */
  idleCeilingSeconds: number;
  /** What its client has; nothing where the answer that brought it was lost. */
  tokens?: Tokens;
  end?: ModelEnd;
  /** The values that it keeps, by key. */
  readonly state: Map<string, ModelValue>;
}

/** What a client has of a session. */
export interface Tokens {
  access: string;
  accessIssuedAtMs: number;
  /** When a factor was verified, as its access token knows it. */
  factorAtMs: number | undefined;
  /** Refresh tokens as they came, oldest first. */
  readonly refresh: string[];
  rotatedAtMs: number;
}

/** Why and when a session ended, as far as is known. */
export interface ModelEnd {
  readonly reasons: readonly EndReason[];
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** One value of a session's state. A version once given is never given again. */
export interface ModelValue {
  value: number | undefined;
  version: number;
}

/** Somebody who can have sessions: a user, or an API key. */
export interface Person {
  readonly home: ModelTenant;
  readonly id: string;
  readonly user?: TestUser;
  /** The secret of a key, while its owner knows it. */
  readonly secret?: string;
  roles: readonly string[];
  disabled: boolean;
  /** A key that was deleted. */
  gone: boolean;
  /** The last session of each run of a key. */
  readonly runs: Map<string, ModelSession>;
  readonly sessions: ModelSession[];
  /** The last step of 30 s whose code was shown. */
  totpStep: number;
  /** When wrong passwords were shown for it. */
  readonly wrongAtMs: number[];
}

/** A tenant with all that belongs to it. */
export interface ModelTenant {
  readonly tenant: TestTenant;
  readonly name: string;
  policy: TenantPolicy;
  /** Its owner first. */
  readonly people: Person[];
  readonly resources: ModelResource[];
  /** Usage events that were taken, by id. */
  readonly counters: Map<string, ModelCounter>;
}

/** A machine or a volume. */
export interface ModelResource {
  readonly id: string;
  readonly type: "vm" | "volume";
  /** vCPUs of a machine, GiB of a volume. */
  size: number;
  name: string;
  state: "running" | "stopped" | "deleted";
  readonly volumes: Set<string>;
  usedBy: string | undefined;
  etag: string;
  /** What it counts for, from an instant on. */
  readonly levels: Level[];
  readonly attachments: Attachment[];
}

/** From an instant on it counts for so much. */
export interface Level {
  readonly atMs: number;
  readonly level: number;
}

/** A session holds a resource. */
export interface Attachment {
  readonly session: ModelSession;
  readonly fromMs: number;
  toMs: number | undefined;
}

/** An amount of network, in thousandths of a GiB. */
export interface ModelCounter {
  readonly sessionId: string;
  readonly resourceId: string;
  readonly atMs: number;
  readonly thousandths: number;
}

/** Whether a session is alive at an instant: sure in both ways, or not known. */
export function livenessOf(session: ModelSession, nowMs: number): "alive" | "over" | "either" {
  if (session.end !== undefined) return "over";
  const { policy } = session.person.home;
  const idleMs = policy.idleTimeoutSeconds * 1000;
  const graceMs = Math.min(idleMs / 10, GRACE_MAX_MS);
  if (nowMs >= session.createdAtMs + policy.absoluteTimeoutSeconds * 1000) return "over";
  if (nowMs >= session.seenMaxMs + idleMs + graceMs) return "over";
  const isWithinAbsolute = nowMs < session.createdAtMs + session.absoluteFloorSeconds * 1000;
  return isWithinAbsolute && nowMs < idleEndMs(session) ? "alive" : "either";
}

/**
 * Until when a session has surely not idled out. A shorter timeout counts from the last request that was written, which may
 * have been a grace before the last one.
 */
function idleEndMs(session: ModelSession): number {
  const { seenMs, idleFloorSeconds, idleCeilingSeconds } = session;
  const isShortened = idleFloorSeconds < idleCeilingSeconds;
  return seenMs + idleFloorSeconds * 1000 - (isShortened ? GRACE_MAX_MS : 0);
}

/** A request of the session was taken: from here on it idles anew. */
export function seen(session: ModelSession, nowMs: number): void {
  const { policy } = session.person.home;
  session.seenMs = nowMs;
  session.seenMaxMs = nowMs;
  session.idleFloorSeconds = policy.idleTimeoutSeconds;
}

/** Ends a session at this instant; one whose time may have been over before may have ended so. */
export function endNow(session: ModelSession, reason: EndReason, nowMs: number): void {
  const liveness = livenessOf(session, nowMs);
  if (session.end !== undefined) return;
  const byTime = timeEnd(session);
  if (liveness === "alive") session.end = { reasons: [reason], earliestMs: nowMs, latestMs: nowMs };
  else if (liveness === "over") session.end = byTime;
  else
    session.end = {
      ...byTime,
      reasons: [...byTime.reasons, reason],
      latestMs: Math.max(byTime.latestMs, nowMs),
    };
}

/** The end that time brings about. */
export function timeEnd(session: ModelSession): ModelEnd {
  const { createdAtMs, seenMs, seenMaxMs, absoluteFloorSeconds } = session;
  const absoluteMs = createdAtMs + absoluteFloorSeconds * 1000;
  return {
    reasons: ["idle_expired", "absolute_expired"],
    earliestMs: Math.min(absoluteMs, seenMs - GRACE_MAX_MS + session.idleFloorSeconds * 1000),
    latestMs: seenMaxMs + session.idleCeilingSeconds * 1000,
  };
}

/** Those of a person's sessions that are not known to be over. */
export function openSessions(person: Person, nowMs: number): readonly ModelSession[] {
  return person.sessions.filter((session) => livenessOf(session, nowMs) !== "over");
}

/** A new policy holds for running sessions from now on. */
export function changePolicy(home: ModelTenant, policy: TenantPolicy): void {
  home.policy = policy;
  for (const session of home.people.flatMap((person) => person.sessions)) {
    const { idleTimeoutSeconds, absoluteTimeoutSeconds } = policy;
    session.idleFloorSeconds = Math.min(session.idleFloorSeconds, idleTimeoutSeconds);
    session.idleCeilingSeconds = Math.max(session.idleCeilingSeconds, idleTimeoutSeconds);
    session.absoluteFloorSeconds = Math.min(session.absoluteFloorSeconds, absoluteTimeoutSeconds);
  }
}

/** A session that has just begun. */
export function newSession(person: Person, id: string, nowMs: number): ModelSession {
  const { idleTimeoutSeconds, absoluteTimeoutSeconds } = person.home.policy;
  const session: ModelSession = {
    ...{ id, person, createdAtMs: nowMs, seenMs: nowMs, seenMaxMs: nowMs },
    idleFloorSeconds: idleTimeoutSeconds,
    idleCeilingSeconds: idleTimeoutSeconds,
    absoluteFloorSeconds: absoluteTimeoutSeconds,
    state: new Map(),
  };
  person.sessions.push(session);
  return session;
}

/** Somebody new, who has no session yet. */
export function newPerson(
  home: ModelTenant,
  who: Pick<Person, "id" | "roles"> & Partial<Pick<Person, "user" | "secret">>,
): Person {
  const person: Person = {
    ...{ home, ...who, disabled: false, gone: false, sessions: [], runs: new Map() },
    ...{ totpStep: 0, wrongAtMs: [] },
  };
  return person;
}

/** The owner of a tenant, who stays that. */
export function ownerOf({ people, name }: ModelTenant): Person {
  const [owner] = people;
  if (owner === undefined) throw new Error(`The tenant ${name} has nobody.`);
  return owner;
}
