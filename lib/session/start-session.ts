import type { Trail } from "../activity/trail.ts";
import { AppError, assertNever } from "../errors.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { User } from "../identity/user.ts";
import type { EpochMs } from "../time.ts";
import { type EndSessionDeps, endedBy, endFoundSession, endRecord, endSession } from "./end-session.ts";
import {
  type Device,
  endOf,
  type Session,
  type SessionKind,
  type SupportView,
  type Workflow,
} from "./session.ts";
import type { Proof, ProofRefusal, RunSeat, SessionStore } from "./session-store.ts";

/** What starting a session needs. */
export interface StartSessionDeps extends EndSessionDeps {
  readonly sessions: Pick<SessionStore, "end" | "getMany" | "guardedIds" | "start">;
  readonly newId: (prefix: "ses", atMs?: EpochMs) => string;
  readonly inTurn: InTurn;
}

/**
 * Does work of one key one piece after the other. It is a courtesy within a process, which spares those who sign in at
 * once most of the attempts that they would lose; nothing relies on it.
 */
export type InTurn = <T>(key: string, work: (hasWaited: boolean) => Promise<T>) => Promise<T>;

/** Who signs in, from where, and how it was proved. */
export interface SessionStart {
  readonly user: User;
  readonly tenant: Tenant;
  readonly kind: SessionKind;
  readonly device: Device;
  readonly ip: string;
  readonly userAgent: string;
  readonly amr: readonly string[];
  readonly authTimeMs: EpochMs;
  readonly factorVerifiedAtMs?: EpochMs | undefined;
  readonly roleSubset?: readonly string[] | undefined;
  readonly proofs: readonly Proof[];
  readonly workflow?: Workflow | undefined;
  /** Its place in the run that `workflow` names. */
  readonly seat?: RunSeat | undefined;
  /** The session is over by then, whatever the policy says. */
  readonly notAfterMs?: EpochMs | undefined;
  readonly support?: SupportView | undefined;
  /** The ids that the user's guard counts as active, where they have just been read. */
  readonly guardedIds?: readonly string[] | undefined;
  /** The session that the user chose to end for this one (`ask`). */
  readonly replacing?: string | undefined;
}

/** Raised where the tenant wants to be asked, or refused, rather than that an older session gives way. */
export class SessionLimitReached extends AppError {
  readonly active: readonly Session[];

  constructor(active: readonly Session[]) {
    super("session.limit_reached", "The limit of concurrent sessions is reached.");
    this.active = active;
  }
}

const ATTEMPTS = 40;

/** As many as a transaction of 100 writes has room for beside the rest, with a record for each. */
const EVICTED_TOGETHER_MAX = 40;

/**
 * Starts a session within the tenant's limit, whatever else signs in or out at the same moment: the guard row that
 * counts a user's sessions is written in the transaction that makes the session, and a lost race is tried again.
 * @throws SessionLimitReached; AppError `mfa.invalid_code` for a proof that was used before, `rate.limited` where too
 * many attempts failed meanwhile, `conflict` where its place in the run is not free any more, `unavailable`
 */
export async function startSession(
  deps: StartSessionDeps,
  start: SessionStart,
  trail: Trail,
): Promise<Session> {
  const session = newSession(deps, start);
  trail.by({
    tenantId: session.tenantId,
    actor: trail.record().actor,
    sessionId: session.sessionId,
    retentionDays: start.tenant.policy.activityRetentionDays,
    workflow: session.workflow,
  });
  return await deps.inTurn(`${session.tenantId}#${session.userId}`, async (hasWaited) => {
    const guardedIds = hasWaited ? undefined : start.guardedIds;
    return await makeSession(deps, { session, start: { ...start, guardedIds } }, trail);
  });
}

interface MakeSession {
  readonly session: Session;
  readonly start: SessionStart;
}

async function makeSession(
  deps: StartSessionDeps,
  { session, start }: MakeSession,
  trail: Trail,
): Promise<Session> {
  let guardedIds = start.guardedIds;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { evicted, over } = await makeRoom(deps, { ...start, guardedIds }, trail);
    const outcome = await deps.sessions.start(
      {
        session,
        maxConcurrent: start.tenant.policy.maxConcurrentSessions,
        proofs: start.proofs,
        evicted: evicted.map((old) => eviction(deps, old, trail)),
        over,
        seat: start.seat,
        attempt,
        records: [
          trail.also({ action: "session:start", resource: { type: "session", id: session.sessionId } }),
        ],
      },
      trail,
    );
    switch (outcome) {
      case "started":
        return session;
      case "proof_used":
      case "attempts_failed":
        throw refusedProof(outcome);
      case "run_moved":
        throw new AppError("conflict", "The run has moved on meanwhile.");
      case "contended":
        guardedIds = undefined;
        break;
      default:
        assertNever(outcome);
    }
  }
  throw new AppError("unavailable", "Too many sign-ins of this user at once: try again.");
}

/** Does the last step of a way to sign in, in whose own words a proof is refused that was used before. */
export async function orUsed<T>(work: Promise<T>, used: () => AppError): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    throw thrown instanceof AppError && thrown.code === "mfa.invalid_code" ? used() : thrown;
  }
}

/** Says why a proof was not taken. */
export function refusedProof(refusal: ProofRefusal): AppError {
  return refusal === "proof_used"
    ? new AppError("mfa.invalid_code", "The code is not valid.")
    : new AppError("rate.limited", "Too many attempts failed: wait, then try again.", {
        retryAfterSeconds: 1,
      });
}

function newSession(deps: StartSessionDeps, start: SessionStart): Session {
  const { tenant, user } = start;
  const nowMs = deps.now();
  return {
    tenantId: tenant.tenantId,
    sessionId: deps.newId("ses", nowMs),
    userId: user.userId,
    kind: start.kind,
    device: start.device,
    ip: start.ip,
    userAgent: start.userAgent,
    createdAtMs: nowMs,
    lastSeenAtMs: nowMs,
    idleExpiresAtMs: nowMs + tenant.policy.idleTimeoutSeconds * 1000,
    absoluteExpiresAtMs: Math.min(
      nowMs + tenant.policy.absoluteTimeoutSeconds * 1000,
      start.support?.expiresAtMs ?? Number.POSITIVE_INFINITY,
      start.notAfterMs ?? Number.POSITIVE_INFINITY,
    ),
    ...(start.notAfterMs === undefined ? {} : { notAfterMs: start.notAfterMs }),
    amr: start.amr,
    roles: start.roleSubset ?? user.roles,
    ...(start.roleSubset === undefined ? {} : { roleSubset: start.roleSubset }),
    authTimeMs: start.authTimeMs,
    ...(start.factorVerifiedAtMs === undefined ? {} : { factorVerifiedAtMs: start.factorVerifiedAtMs }),
    refreshGeneration: 0,
    refreshRotatedAtMs: nowMs,
    ...(start.workflow === undefined ? {} : { workflow: start.workflow }),
    ...(start.support === undefined ? {} : { support: start.support }),
  };
}

/** Finds who has to give way. What the guard still counts and is over already gives way without a word. */
async function makeRoom(deps: StartSessionDeps, start: SessionStart, trail: Trail) {
  const { tenant, user, replacing } = start;
  const { policy } = tenant;
  const ids = start.guardedIds ?? (await deps.sessions.guardedIds(tenant.tenantId, user.userId));
  const isFull = ids.length >= policy.maxConcurrentSessions;
  if (!isFull && replacing === undefined) return { evicted: [], over: [] };
  const nowMs = deps.now();
  const known = await deps.sessions.getMany(tenant.tenantId, ids);
  const live = known.filter((session) => endOf(session, policy, nowMs) === undefined);
  await Promise.all(
    known
      .filter((session) => session.end === undefined && !live.includes(session))
      .map(async (session) => {
        const end = endOf(session, policy, nowMs);
        if (end !== undefined) await endFoundSession(deps, { session, end, policy });
      }),
  );
  const over = (await deps.sessions.guardedIds(tenant.tenantId, user.userId)).filter(
    (id) => ids.includes(id) && !live.some((session) => session.sessionId === id),
  );
  const evicted = chooseEvicted(live, start);
  // A limit lowered from a hundred to one: those that do not fit into the transaction go before it.
  const early = evicted.slice(0, -EVICTED_TOGETHER_MAX);
  await Promise.all(
    early.map((session) =>
      endSession(deps, { session, end: { reason: "evicted", atMs: nowMs }, by: endedBy(trail) }),
    ),
  );
  return { evicted: evicted.slice(-EVICTED_TOGETHER_MAX), over };
}

/** Those that give way: the one chosen by the user, then the least recently used. @throws SessionLimitReached */
function chooseEvicted(live: readonly Session[], start: SessionStart): readonly Session[] {
  const { maxConcurrentSessions, onSessionLimit } = start.tenant.policy;
  const chosen = live.filter((session) => session.sessionId === start.replacing);
  const rest = live.filter((session) => session.sessionId !== start.replacing);
  const tooMany = rest.length - maxConcurrentSessions + 1;
  if (tooMany <= 0) return chosen;
  if (onSessionLimit !== "evict_oldest") throw new SessionLimitReached(live);
  const byUse = [...rest].sort(
    (a, b) => a.lastSeenAtMs - b.lastSeenAtMs || (a.sessionId < b.sessionId ? -1 : 1),
  );
  return [...chosen, ...byUse.slice(0, tooMany)];
}

function eviction(deps: StartSessionDeps, session: Session, trail: Trail) {
  const end = { reason: "evicted", atMs: deps.now() } as const;
  return { session, end, record: endRecord(deps, { session, end, by: endedBy(trail) }) };
}
