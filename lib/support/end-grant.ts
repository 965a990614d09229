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
  const sessionEnd = ending.sessionEnd ?? { reason: "revoked", atMs: nowMs };
  const { tenantId, supportSessionId } = grant;
  const session =
    supportSessionId === undefined ? undefined : await deps.sessions.get(tenantId, supportSessionId);
  const isThere = trail === undefined || trail.record().tenantId === tenantId;
  const ends = session === undefined || session.end !== undefined ? undefined : { session, end: sessionEnd };
  const told = isThere || trail === undefined ? [] : [endedElsewhere(trail, grant)];
  const [elsewhere] = told;
  const actor = elsewhere?.actor;
  const records = [
    ...told,
    ...(ends === undefined
      ? []
      : [deps.endRecord({ ...ends, retentionDays, trail, ...(actor && { actor }) })]),
  ];
  return await deps.grants.save(
    {
      before: grant,
      after: { ...grant, end: { reason, atMs: sessionEnd.atMs }, version: grant.version + 1 },
      ...(ends && { ends }),
      ...{ records, retentionDays },
    },
    trail,
  );
}

function endedElsewhere(trail: Trail, grant: SupportGrant): ActivityRecord {
  return recordThere(trail, grant, { action: "support:end", resource: grantRef(grant) });
}
