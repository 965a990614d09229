import type { Trail } from "../activity/trail.ts";
import { AppError, notFound } from "../errors.ts";
import type { Caller } from "../session/caller.ts";
import type { Device, Session } from "../session/session.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { EpochMs } from "../time.ts";
import type { EndGrantDeps } from "./end-grant.ts";
import { agentOf, findWatched, grantRef, type PartiesDeps, recordThere, type Watched } from "./parties.ts";
import { type Agent, type GrantStore, isInForce, type SupportGrant } from "./support-grant.ts";

/** What opening a support session needs. */
export interface StartSupportSessionDeps extends PartiesDeps, Pick<EndGrantDeps, "endRecord"> {
  readonly grants: Pick<GrantStore, "getForAgent" | "save">;
  readonly sessions: Pick<SessionStore, "getMany">;
  readonly newId: (prefix: "ses", atMs: EpochMs) => string;
}

/** Which grant, and where the agent looks from. */
export interface StartSupportSession {
  readonly caller: Caller;
  readonly grantId: string;
  readonly device: Device;
  readonly ip: string;
  readonly userAgent: string;
}

const ATTEMPTS = 8;

/**
 * Opens the session by which an agent looks at a user's. It is of the user's tenant and in the user's name, acted by the
 * agent, and lives no longer than its grant. One session at a time looks through a grant: the one before gives way. A
 * grant that is for any agent becomes that of the first who comes.
 * @throws AppError `access.denied` for who is no agent and for a grant that is over, `not_found` for one of somebody else
 */
export async function startSupportSession(
  deps: StartSupportSessionDeps,
  start: StartSupportSession,
  trail: Trail,
): Promise<Watched> {
  const agent = agentOf(deps, start.caller);
  trail.about(grantRef(start));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const grant = await deps.grants.getForAgent(agent.userId, start.grantId);
    if (grant === undefined) throw notFound();
    if (!isInForce(grant, deps.now())) throw grantOver();
    const watched = await findWatched(deps, grant).catch((thrown: unknown) => {
      throw thrown instanceof AppError && thrown.code === "not_found" ? grantOver() : thrown;
    });
    const session = await tryToStart(deps, { start, agent, grant, watched }, trail);
    if (session !== undefined) return { ...watched, session };
  }
  throw new AppError("unavailable", "Too much happens to this grant at once: try again.");
}

interface Start {
  readonly start: StartSupportSession;
  readonly agent: Agent;
  readonly grant: SupportGrant;
  readonly watched: Watched;
}

async function tryToStart(
  deps: StartSupportSessionDeps,
  of: Start,
  trail: Trail,
): Promise<Session | undefined> {
  const { agent, grant, watched } = of;
  const { tenantId, supportSessionId, version } = grant;
  const retentionDays = watched.tenant.policy.activityRetentionDays;
  const nowMs = deps.now();
  const known = [
    ...new Set([...(watched.session.lookers ?? []), ...(supportSessionId ? [supportSessionId] : [])]),
  ];
  const earlier = await deps.sessions.getMany(tenantId, known);
  const before = earlier.find(({ sessionId }) => sessionId === supportSessionId);
  // Who has ended an agent's look does not want it to begin again.
  if (before?.end?.reason === "revoked") throw grantOver();
  const session = newSession(deps, of, nowMs);
  const given = before === undefined || before.end !== undefined ? undefined : before;
  const ends = given && { session: given, end: { reason: "evicted", atMs: nowMs } as const };
  const started = recordThere(trail, grant, startEntry(session, grant));
  const ended = ends && deps.endRecord({ ...ends, retentionDays, trail, actor: started.actor });
  const stillLooking = earlier.filter((one) => one.end === undefined && one !== given);
  const written = await deps.grants.save(
    {
      before: grant,
      after: { ...grant, agent, supportSessionId: session.sessionId, version: version + 1 },
      watched: watched.session,
      starts: session,
      lookers: [...stillLooking.map(({ sessionId }) => sessionId), session.sessionId],
      ...(ends && { ends }),
      ...{ records: [started, ...(ended ? [ended] : [])], retentionDays },
    },
    trail,
  );
  return written === "done" ? session : undefined;
}

function newSession(
  deps: Pick<StartSupportSessionDeps, "newId">,
  { start, agent, grant, watched }: Start,
  nowMs: EpochMs,
): Session {
  const { policy } = watched.tenant;
  const { roles, roleSubset, userId, sessionId: watchedSessionId } = watched.session;
  const { caller, device, ip, userAgent } = start;
  return {
    ...{ tenantId: grant.tenantId, sessionId: deps.newId("ses", nowMs), userId, kind: "support" },
    ...{ device, ip, userAgent, createdAtMs: nowMs, lastSeenAtMs: nowMs },
    idleExpiresAtMs: nowMs + policy.idleTimeoutSeconds * 1000,
    absoluteExpiresAtMs: Math.min(nowMs + policy.absoluteTimeoutSeconds * 1000, grant.expiresAtMs),
    ...{ amr: caller.session.amr, authTimeMs: caller.session.authTimeMs },
    // An agent sees no more than the session that they look at may see.
    roles,
    ...(roleSubset === undefined ? {} : { roleSubset }),
    ...{ refreshGeneration: 0, refreshRotatedAtMs: nowMs },
    support: {
      ...{ grantId: grant.grantId, access: grant.access, expiresAtMs: grant.expiresAtMs, watchedSessionId },
      ...{ agentId: agent.userId, agentName: agent.name, agentTenantId: caller.tenantId },
    },
  };
}

function startEntry({ sessionId }: Session, { grantId, access, sessionId: watchedSessionId }: SupportGrant) {
  return {
    action: "session:start",
    sessionId,
    resource: { type: "session", id: sessionId },
    attributes: { kind: "support", grantId, access, watchedSessionId },
  } as const;
}

function grantOver(): AppError {
  return new AppError("access.denied", "The grant is over, or was not given.");
}
