import { endNow, livenessOf, type ModelSession, newSession, openSessions, type Person } from "./model.ts";
import { demand, type Listed, lookAll, nowOf, type Run } from "./run.ts";

/** What may have become of a person's sessions by requests that nobody had an answer to. */
export interface Unsettled {
  /** How many may have begun. */
  readonly begun?: number;
  /** Those that may have ended, and how. */
  readonly ended?: {
    readonly sessions: readonly ModelSession[];
    readonly reason: "revoked" | "evicted" | "logged_out" | "refresh_reused";
  };
}

/**
 * Reads which sessions of a person are active, holds the model to it, and lets it learn what was not known.
 * @returns those that have begun without anybody's knowing
 */
export async function settleSessions(
  run: Run,
  person: Person,
  { begun = 0, ended }: Unsettled = {},
): Promise<readonly ModelSession[]> {
  const nowMs = nowOf(run);
  const listed = await lookAll(run, person.home, `/v1/sessions?status=active&userId=${person.id}`);
  const active = new Set(listed.filter((session) => session.kind !== "support").map(({ id }: Listed) => id));
  for (const session of person.sessions) {
    const liveness = livenessOf(session, nowMs);
    if (active.has(session.id)) {
      demand(
        liveness !== "over" || isForgotten(session),
        () => `${session.id} is over, and listed as active.`,
      );
    } else if (liveness === "alive") {
      demand(
        ended?.sessions.includes(session) === true,
        () => `${session.id} is alive, and not listed as active.`,
      );
      endNow(session, ended?.reason ?? "revoked", nowMs);
    } else if (liveness === "either") {
      endNow(session, ended?.sessions.includes(session) === true ? ended.reason : "revoked", nowMs);
    }
    active.delete(session.id);
  }
  demand(active.size <= begun, () => `${person.id} has sessions that nobody began: ${[...active].join()}`);
  return [...active].map((id) => newSession(person, id, nowMs));
}

/** A key that is gone takes its sessions along at once; their rows follow. */
function isForgotten({ person }: ModelSession): boolean {
  return person.gone;
}

/** Holds the limit: after a sign-in nobody has more sessions than the tenant allows. */
export async function holdToLimit(run: Run, person: Person): Promise<void> {
  const { maxConcurrentSessions } = person.home.policy;
  const open = openSessions(person, nowOf(run));
  if (open.length <= maxConcurrentSessions) return;
  await settleSessions(run, person, { ended: { sessions: open.slice(0, -1), reason: "evicted" } });
  const left = openSessions(person, nowOf(run));
  demand(left.length <= maxConcurrentSessions, () => {
    return `${person.id} has ${left.length} sessions, and may have ${maxConcurrentSessions}.`;
  });
  holdToOrder(open, left);
}

/** Those that were used last stay: a last-seen time may go unwritten for the grace. */
function holdToOrder(open: readonly ModelSession[], left: readonly ModelSession[]): void {
  const gone = open.filter((session) => !left.includes(session) && session.end?.reasons.includes("evicted"));
  for (const out of gone) {
    const older = left.find((stayed) => stayed.seenMaxMs + 60_000 < out.seenMs);
    demand(
      older === undefined,
      () => `${out.id} had to give way, and ${older?.id} had been idle for longer.`,
    );
  }
}
