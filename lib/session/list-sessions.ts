import type { Tenant } from "../identity/tenant.ts";
import type { EpochMs } from "../time.ts";
import { endOf, type Session, sortKeyOf } from "./session.ts";
import type { SessionPage, SessionStore } from "./session-store.ts";

/** What listing sessions needs. */
export interface ListSessionsDeps {
  readonly sessions: Pick<SessionStore, "list">;
  readonly now: () => EpochMs;
}

/** Which sessions to list; without a user, all of the tenant's. */
export interface ListSessions {
  readonly tenant: Tenant;
  readonly userId: string | undefined;
  readonly status: "active" | "ended" | undefined;
  /** 1 to 200. */
  readonly limit: number;
  readonly afterId: string | undefined;
}

/**
 * Lists sessions, newest first. Whether one is active is told by the clock and not by its row, and so the list reads
 * on until the page is full.
 */
export async function listSessions(deps: ListSessionsDeps, query: ListSessions): Promise<SessionPage> {
  const { tenant, userId, status, limit } = query;
  const nowMs = deps.now();
  const wanted = (session: Session) =>
    status === undefined || (endOf(session, tenant.policy, nowMs) === undefined) === (status === "active");
  const found: Session[] = [];
  let afterId = query.afterId;
  do {
    const page = await deps.sessions.list({
      tenantId: tenant.tenantId,
      ...(userId === undefined ? {} : { userId }),
      limit: Math.min(200, limit + 1),
      ...(afterId === undefined ? {} : { afterId }),
    });
    found.push(...page.sessions.filter(wanted));
    afterId = page.nextAfterId;
  } while (afterId !== undefined && found.length <= limit);
  const sessions = found.slice(0, limit);
  const last = sessions.at(-1);
  const isMore = found.length > limit || afterId !== undefined;
  return { sessions, ...(isMore && last !== undefined ? { nextAfterId: sortKeyOf(last) } : {}) };
}
