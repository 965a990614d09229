import { decide } from "../access/decide.ts";
import { AppError } from "../errors.ts";
import type { Viewer, Viewers } from "../live/viewer.ts";
import { actorOf } from "../session/actor.ts";
import { type AuthenticateCallerDeps, liveRows } from "../session/authenticate-caller.ts";
import type { CallerRows } from "../session/caller.ts";
import { absoluteExpiryOf, idleExpiryOf, lastSeenGraceMs } from "../session/session.ts";
import type { EpochMs } from "../time.ts";

type LiveViewersDeps = Pick<
  AuthenticateCallerDeps,
  "callers" | "roleBooks" | "sessionEnds" | "isAddressAllowed" | "now"
>;

const NOTHING_TO_SEE: ReadonlySet<string> = new Set(["session.ended", "auth.token_invalid", "access.denied"]);

/** Tells what somebody may see by the rows of their session, user and tenant, as a request is decided by them. */
export function liveViewers(deps: LiveViewersDeps): Viewers {
  return {
    look: async ({ ip, ...key }) => {
      try {
        const rows = await liveRows(deps, { key, ip, known: () => undefined });
        // Whoever has to verify a factor first sees nothing before.
        return rows.session.stepUpDemandedAtMs === undefined ? await viewerOf(deps, rows, ip) : undefined;
      } catch (thrown) {
        if (thrown instanceof AppError && NOTHING_TO_SEE.has(thrown.code)) return undefined;
        throw thrown;
      }
    },
  };
}

/** How old an answer may be where many records come one after the other: well under the 5 s that a feed promises. */
const RECENT_MS = 1000;
const REMEMBERED_MAX = 5000;

/** The same, looking again at most once a second at each. */
export function recentViewers(viewers: Viewers, now: () => EpochMs): Viewers {
  const recent = new Map<string, { readonly atMs: EpochMs; readonly viewer: Promise<Viewer | undefined> }>();
  return {
    look: (connection) => {
      const { tenantId, sessionId, ip } = connection;
      const key = JSON.stringify([tenantId, sessionId, ip]);
      const known = recent.get(key);
      const nowMs = now();
      if (known !== undefined && Math.abs(nowMs - known.atMs) < RECENT_MS) return known.viewer;
      if (recent.size >= REMEMBERED_MAX) recent.clear();
      const viewer = viewers.look(connection);
      recent.set(key, { atMs: nowMs, viewer });
      viewer.catch(() => recent.delete(key));
      return viewer;
    },
  };
}

async function viewerOf(
  { roleBooks, now }: Pick<LiveViewersDeps, "roleBooks" | "now">,
  { session, user, tenant }: CallerRows,
  ip: string,
): Promise<Viewer> {
  const book = await roleBooks.bookOf(tenant);
  const active = session.roleSubset;
  const policy = book.policyFor({ held: user.roles, ...(active === undefined ? {} : { active }) });
  const context = {
    nowMs: now(),
    ip,
    sessionKind: session.kind,
    callerId: user.userId,
    ...(session.factorVerifiedAtMs === undefined ? {} : { factorVerifiedAtMs: session.factorVerifiedAtMs }),
  };
  const isAllowed = (action: string, resource: string) =>
    decide(policy, { action, resource, context }).allowed;
  return {
    userId: user.userId,
    sessionId: session.sessionId,
    actor: actorOf({ session, user }),
    ...(session.support === undefined
      ? {
          seesTenant: isAllowed("activity:list", "activity/*"),
          seesAlerts: isAllowed("alert:read", "alert/*"),
        }
      : { seesTenant: false, seesAlerts: false, watching: session.support }),
    policy: tenant.policy,
    overAtMs: Math.min(
      idleExpiryOf(session, tenant.policy) + lastSeenGraceMs(tenant.policy),
      absoluteExpiryOf(session, tenant.policy),
    ),
  };
}
