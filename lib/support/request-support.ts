import type { Trail } from "../activity/trail.ts";
import { notFound } from "../errors.ts";
import type { Caller } from "../session/caller.ts";
import type { Session } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import type { Terms } from "./grant-support.ts";
import { agentOf, findWatched, grantFacts, grantRef, type PartiesDeps, recordThere } from "./parties.ts";
import { type GrantStore, REQUEST_LIFE_MS, type SupportGrant } from "./support-grant.ts";

/** Finds sessions of every tenant by their ids alone. */
export interface SessionFinder {
  /** Whose session it is; `undefined` for support sessions, imported ones and those that are not there. */
  find(sessionId: string): Promise<Session | undefined>;
}

/** What asking for a look needs. */
export interface RequestSupportDeps extends PartiesDeps {
  readonly grants: Pick<GrantStore, "save">;
  readonly finder: SessionFinder;
  readonly newId: (prefix: "grt", atMs: EpochMs) => string;
}

/** An agent's request. */
export interface RequestSupport extends Terms {
  readonly caller: Caller;
  readonly sessionId: string;
}

/**
 * Asks the user of a session for a look at it. They see it on their feed at once, and have an hour to answer.
 * @throws AppError `access.denied` for who is no agent, `not_found` for what cannot be looked at
 */
export async function requestSupport(
  deps: RequestSupportDeps,
  { caller, sessionId, access, lifeSeconds, reason }: RequestSupport,
  trail: Trail,
): Promise<SupportGrant> {
  const agent = agentOf(deps, caller);
  const found = await deps.finder.find(sessionId);
  if (found === undefined) throw notFound();
  const { session, user, tenant } = await findWatched(deps, found);
  const nowMs = deps.now();
  const asked: SupportGrant = {
    ...{ tenantId: tenant.tenantId, userId: user.userId, userName: user.email, sessionId: session.sessionId },
    ...{ access, lifeSeconds, reason, agent, origin: "agent", answer: "open", version: 1 },
    grantId: deps.newId("grt", nowMs),
    createdAtMs: nowMs,
    expiresAtMs: nowMs + REQUEST_LIFE_MS,
  };
  trail.about(grantRef(asked));
  const entry = { action: "support:request", resource: grantRef(asked), attributes: grantFacts(asked) };
  const retentionDays = tenant.policy.activityRetentionDays;
  const write = {
    after: asked,
    watched: session,
    records: [recordThere(trail, asked, entry)],
    retentionDays,
  };
  if ((await deps.grants.save(write, trail)) === "moved") throw notFound();
  return asked;
}
