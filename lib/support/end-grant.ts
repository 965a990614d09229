import type { ActivityRecord, Actor } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { Session, SessionEnd } from "../session/session.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { EpochMs } from "../time.ts";
import { grantRef, recordThere } from "./parties.ts";
import { type GrantEndReason, type GrantStore, isInForce, type SupportGrant } from "./support-grant.ts";

/** What ending a grant needs. */
export interface EndGrantDeps {
  readonly grants: Pick<GrantStore, "get" | "save">;
  readonly sessions: Pick<SessionStore, "get">;
  /** The one record of a session's end; without a trail the system itself ended it. */
  readonly endRecord: (of: {
    readonly session: Session;
    readonly end: SessionEnd;
    readonly retentionDays: number;
    readonly trail?: Trail | undefined;
    readonly actor?: Actor;
  }) => ActivityRecord;
  readonly now: () => EpochMs;
}

/** A grant that shall be over. */
export interface EndGrant {
  readonly grant: SupportGrant;
  readonly reason: GrantEndReason;
  /** When it ended, where that was before now, and why its support session did. */
  readonly sessionEnd?: SessionEnd;
  /** How long the user's tenant keeps its records. */
  readonly retentionDays: Tenant["policy"]["activityRetentionDays"];
  readonly trail?: Trail;
}

const ATTEMPTS = 8;

/**
 * Ends a grant at once, and with it, in one transaction, the session that looks through it; `false` where it was over
 * before. Of a session that starts at the same moment either nothing comes, or it is ended too.
 */
export async function endGrant(deps: EndGrantDeps, ending: EndGrant): Promise<boolean> {
  let { grant } = ending;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const nowMs = deps.now();
    if (!isInForce(grant, nowMs)) return false;
    if ((await tryToEnd(deps, { ...ending, grant }, nowMs)) === "done") return true;
    const again = await deps.grants.get(grant.tenantId, grant.grantId);
    if (again === undefined) return false;
    grant = again;
  }
  throw new AppError("unavailable", "Too much happens to this grant at once: try again.");
}

async function tryToEnd(deps: EndGrantDeps, ending: EndGrant, nowMs: EpochMs) {
  const { grant, reason, retentionDays, trail } = ending;
  const end = ending.sessionEnd ?? ({ reason: "revoked", atMs: nowMs } as const);
  const session = await lookOf(deps, grant);
  const told = toldThere(trail, grant);
  const ended = session && {
    ...{ session, end, retentionDays, trail },
    ...(told === undefined ? {} : { actor: told.actor }),
  };
  return await deps.grants.save(
    {
      before: grant,
      after: { ...grant, end: { reason, atMs: end.atMs }, version: grant.version + 1 },
      ...(session === undefined ? {} : { ends: { session, end } }),
      records: [
        ...(told === undefined ? [] : [told]),
        ...(ended === undefined ? [] : [deps.endRecord(ended)]),
      ],
      retentionDays,
    },
    trail,
  );
}

/** The session that looks through a grant now. */
async function lookOf(
  { sessions }: Pick<EndGrantDeps, "sessions">,
  { tenantId, supportSessionId }: SupportGrant,
): Promise<Session | undefined> {
  if (supportSessionId === undefined) return undefined;
  const session = await sessions.get(tenantId, supportSessionId);
  return session?.end === undefined ? session : undefined;
}

/** What the user's tenant has on record of a request that is none of its own: the agent's. */
function toldThere(trail: Trail | undefined, grant: SupportGrant): ActivityRecord | undefined {
  if (trail === undefined || trail.record().tenantId === grant.tenantId) return undefined;
  return recordThere(trail, grant, { action: "support:end", resource: grantRef(grant) });
}
