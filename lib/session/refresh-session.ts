import type { Trail } from "../activity/trail.ts";
import { AppError, assertNever } from "../errors.ts";
import type { Tenant } from "../identity/tenant.ts";
import { trailOwnerOf } from "./actor.ts";
import { type AuthenticateCallerDeps, liveRows } from "./authenticate-caller.ts";
import { type EndSessionDeps, endedBy, endSession } from "./end-session.ts";
import { type Session, touched } from "./session.ts";
import type { SessionStore } from "./session-store.ts";
import { classifyRefresh, type RefreshTokens } from "./token.ts";

/** What refreshing needs. */
export interface RefreshSessionDeps
  extends EndSessionDeps,
    Pick<AuthenticateCallerDeps, "callers" | "sessionEnds" | "isAddressAllowed"> {
  readonly sessions: Pick<SessionStore, "end" | "rotate">;
  readonly refreshTokens: Pick<RefreshTokens, "parse">;
}

/** A refresh token as it was presented. */
export interface RefreshSession {
  readonly refreshToken: string;
  readonly ip: string;
  /** The session of the access token that came along, which must be the same one. */
  readonly besideSessionId?: string | undefined;
}

const ATTEMPTS = 5;

/**
 * Gives the session as it stands after one more refresh. The present token moves the chain on by one; the one
 * before it gives the same successor for 10 s, so that two tabs and a lost answer do no harm; anything older was
 * stolen, and ends the session.
 * @throws AppError `refresh.invalid`, `refresh.reused`, `session.ended`, `access.denied`
 */
export async function refreshSession(
  deps: RefreshSessionDeps,
  input: RefreshSession,
  trail: Trail,
): Promise<{ readonly session: Session; readonly tenant: Tenant }> {
  const { generation, ...key } = await deps.refreshTokens.parse(input.refreshToken);
  if (input.besideSessionId !== undefined && input.besideSessionId !== key.sessionId) {
    throw new AppError("refresh.invalid", "The two tokens are of different sessions.");
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { session, tenant } = await liveRows(deps, {
      key,
      ip: input.ip,
      known: (rows) => {
        trail.by(trailOwnerOf(rows));
        trail.about({ type: "session", id: key.sessionId });
      },
    });
    const nowMs = deps.now();
    const step = classifyRefresh(session, generation, nowMs);
    switch (step) {
      case "repeat":
        return { session, tenant };
      case "reused":
        throw await endReused(deps, session, trail);
      case "rotate": {
        const next = {
          ...touched(session, tenant.policy, nowMs),
          refreshGeneration: session.refreshGeneration + 1,
          refreshRotatedAtMs: nowMs,
        };
        const outcome = await deps.sessions.rotate({ session, next, trail });
        if (outcome === "rotated") return { session: next, tenant };
        break;
      }
      default:
        assertNever(step);
    }
  }
  throw new AppError("unavailable", "Too many refreshes at once: try again.");
}

async function endReused(deps: EndSessionDeps, session: Session, trail: Trail): Promise<AppError> {
  const end = { reason: "refresh_reused", atMs: deps.now() } as const;
  await endSession(deps, { session, end, by: endedBy(trail) });
  return new AppError("refresh.reused", "The refresh token was used before: the session has been ended.");
}
