import type { Trail } from "../activity/trail.ts";
import { AppError, assertNever } from "../errors.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { EpochMs } from "../time.ts";
import { actorOf } from "./actor.ts";
import { sessionEnded } from "./authenticate-caller.ts";
import type { CallerReader } from "./caller.ts";
import { type EndSessionDeps, endedBy, endedByTime, endSession } from "./end-session.ts";
import { endOf, type Session, touched } from "./session.ts";
import type { SessionStore } from "./session-store.ts";
import { classifyRefresh, type RefreshTokens } from "./token.ts";

/** What refreshing needs. */
export interface RefreshSessionDeps extends EndSessionDeps {
  readonly sessions: Pick<SessionStore, "end" | "get" | "rotate">;
  readonly callers: CallerReader;
  readonly refreshTokens: Pick<RefreshTokens, "parse">;
}

const ATTEMPTS = 5;

/**
 * Gives the session as it stands after one more refresh. The present token moves the chain on by one; the one
 * before it gives the same successor for 10 s, so that two tabs and a lost answer do no harm; anything older was
 * stolen, and ends the session.
 * @throws AppError `refresh.invalid`, `refresh.reused`, `session.ended`
 */
export async function refreshSession(
  deps: RefreshSessionDeps,
  token: string,
  trail: Trail,
): Promise<{ readonly session: Session; readonly tenant: Tenant }> {
  const { tenantId, sessionId, generation } = await deps.refreshTokens.parse(token);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const nowMs = deps.now();
    const { session, tenant } = await liveSession(deps, { tenantId, sessionId, nowMs, trail });
    const step = classifyRefresh(session, generation, nowMs);
    switch (step) {
      case "repeat":
        return { session, tenant };
      case "reused": {
        const end = { reason: "refresh_reused", atMs: nowMs } as const;
        await endSession(deps, { session, end, by: endedBy(trail) });
        throw new AppError(
          "refresh.reused",
          "The refresh token was used before: the session has been ended.",
        );
      }
      case "rotate": {
        const next = {
          ...touched(session, tenant.policy, nowMs),
          refreshGeneration: session.refreshGeneration + 1,
          refreshRotatedAtMs: nowMs,
        };
        if (await deps.sessions.rotate({ session, next, trail })) return { session: next, tenant };
        break;
      }
      default:
        assertNever(step);
    }
  }
  throw new AppError("unavailable", "Too many refreshes at once: try again.");
}

interface Presented {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly nowMs: EpochMs;
  readonly trail: Trail;
}

async function liveSession(deps: RefreshSessionDeps, { tenantId, sessionId, nowMs, trail }: Presented) {
  const found = await deps.sessions.get(tenantId, sessionId);
  if (found === undefined) throw sessionEnded("idle_expired");
  const { session, user, tenant } = await deps.callers.read({ tenantId, sessionId, userId: found.userId });
  if (session === undefined || user === undefined || tenant === undefined) throw sessionEnded("idle_expired");
  trail.by({
    tenantId,
    actor: actorOf({ session, user }),
    sessionId,
    retentionDays: tenant.policy.activityRetentionDays,
    workflow: session.workflow,
  });
  trail.about({ type: "session", id: sessionId });
  const end =
    endOf(session, tenant.policy, nowMs) ??
    (user.disabled ? ({ reason: "user_disabled", atMs: nowMs } as const) : undefined);
  if (end !== undefined) {
    if (session.end === undefined) await endSession(deps, { session, end, by: endedByTime(session) });
    throw sessionEnded(end.reason);
  }
  if (tenant.status === "suspended") throw new AppError("access.denied", "The tenant is suspended.");
  return { session, tenant };
}
