import { AppError, notFound } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { Caller } from "./caller.ts";
import { endOf, type Session, type SessionEnd } from "./session.ts";
import { ENDED_KEPT_MS, type SessionStore } from "./session-store.ts";
import { STATE_KEYS_MAX, type StateStore } from "./state.ts";

/** What bringing state over needs. */
export interface ResumeStateDeps {
  readonly sessions: Pick<SessionStore, "get" | "list">;
  readonly states: Pick<StateStore, "readAll" | "write" | "counts">;
  readonly now: () => EpochMs;
}

/** Ended sessions looked through for something to resume: the latest ones. */
const LOOKED_THROUGH = 50;

/**
 * Brings the state of one's own ended session into the present one; answers how many of its keys are here now. What
 * the present session has under the same key stays: it is the newer. Repeating it changes nothing.
 * @throws AppError `not_found` for what is not one's own, not ended, or ended more than 30 days ago; `conflict` where
 * the keys do not fit
 */
export async function resumeState(
  deps: ResumeStateDeps,
  caller: Caller,
  fromSessionId: string,
): Promise<number> {
  const from = await deps.sessions.get(caller.tenantId, fromSessionId);
  if (from === undefined || resumableEnd(from, caller, deps.now()) === undefined) throw notFound();
  const [brought, present] = await Promise.all([
    deps.states.readAll(from),
    deps.states.readAll(caller.session),
  ]);
  const held = new Map(present.map((document) => [document.key, document.json]));
  const missing = brought.filter(({ key }) => !held.has(key));
  if (held.size + missing.length > STATE_KEYS_MAX) {
    throw new AppError("conflict", `A session keeps at most ${STATE_KEYS_MAX} keys.`);
  }
  const written = await Promise.all(
    missing.map(({ key, json, size }) =>
      deps.states.write({
        session: caller.session,
        key,
        json,
        size,
        expected: { is: "absent" },
        nowMs: deps.now(),
        expiresAtMs: caller.session.absoluteExpiresAtMs + ENDED_KEPT_MS,
      }),
    ),
  );
  const same = brought.filter(({ key, json }) => held.get(key) === json);
  return same.length + written.filter(({ is }) => is === "written").length;
}

/** An own session that ended and left state behind. */
export interface Resumable {
  readonly session: Session;
  readonly end: SessionEnd;
  readonly keys: number;
}

/** The caller's ended sessions whose state can still be brought over, latest first. */
export async function findResumable(deps: ResumeStateDeps, caller: Caller): Promise<readonly Resumable[]> {
  const { sessions } = await deps.sessions.list({
    tenantId: caller.tenantId,
    userId: caller.userId,
    limit: LOOKED_THROUGH,
  });
  const nowMs = deps.now();
  const ended = sessions.flatMap((session) => {
    const end = resumableEnd(session, caller, nowMs);
    return end === undefined ? [] : [{ session, end }];
  });
  const counts = await deps.states.counts(
    caller.tenantId,
    ended.map(({ session }) => session.sessionId),
  );
  return ended.flatMap(({ session, end }) => {
    const keys = counts.get(session.sessionId) ?? 0;
    return keys === 0 ? [] : [{ session, end, keys }];
  });
}

function resumableEnd(session: Session, caller: Caller, nowMs: EpochMs): SessionEnd | undefined {
  const end = endOf(session, caller.tenant.policy, nowMs);
  const own = session.userId === caller.userId && session.source !== "import";
  return own && end !== undefined && nowMs < end.atMs + ENDED_KEPT_MS ? end : undefined;
}
