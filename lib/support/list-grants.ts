import type { SessionStore } from "../session/session-store.ts";
import type { EpochMs } from "../time.ts";
import {
  type GrantListQuery,
  type GrantPage,
  type GrantStore,
  isInForce,
  type SupportGrant,
} from "./support-grant.ts";

/** What listing grants needs. */
export interface ListGrantsDeps {
  readonly grants: Pick<GrantStore, "list">;
  readonly sessions: Pick<SessionStore, "getMany">;
  readonly now: () => EpochMs;
}

/** Whose grants, and which of them. */
export interface ListGrants extends GrantListQuery {
  readonly isWanted: (grant: SupportGrant) => boolean;
}

/** Lists grants or requests, newest first; the list reads on until the page is full. */
export async function listGrants(
  deps: ListGrantsDeps,
  { of, limit, afterId: from, isWanted }: ListGrants,
): Promise<GrantPage> {
  const found: SupportGrant[] = [];
  let afterId = from;
  do {
    const page = await deps.grants.list({ of, limit, afterId });
    found.push(...page.grants.filter(isWanted));
    afterId = page.nextAfterId;
  } while (afterId !== undefined && found.length <= limit);
  const grants = found.slice(0, limit);
  const last = grants.at(-1);
  const isMore = found.length > limit || afterId !== undefined;
  return {
    grants: await withSessionEnds(deps, grants),
    ...(isMore && last !== undefined ? { nextAfterId: last.grantId } : {}),
  };
}

/** Nobody writes to a grant when its session ends: it is over because that is. */
async function withSessionEnds(
  deps: ListGrantsDeps,
  grants: readonly SupportGrant[],
): Promise<readonly SupportGrant[]> {
  const nowMs = deps.now();
  const byTenant = Map.groupBy(
    grants.filter((grant) => isInForce(grant, nowMs)),
    ({ tenantId }) => tenantId,
  );
  const found = await Promise.all(
    [...byTenant].map(([tenantId, its]) =>
      deps.sessions.getMany(tenantId, [...new Set(its.map(({ sessionId }) => sessionId))]),
    ),
  );
  const ends = new Map(found.flat().map(({ sessionId, end }) => [sessionId, end]));
  return grants.map((grant) => {
    const end = isInForce(grant, nowMs) ? ends.get(grant.sessionId) : undefined;
    return end === undefined ? grant : { ...grant, end: { reason: "session_ended", atMs: end.atMs } };
  });
}
