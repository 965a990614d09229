import { endNow, livenessOf, type ModelSession, openSessions } from "../model.ts";
import { type Acted, act, demand, nowOf, type Run, type Step, say } from "../run.ts";
import { settleSessions } from "../settle.ts";
import { half, sessionOf, somebody, someSession, strongOwner } from "./signing-in.ts";

/** Looks at one's own session. */
export async function ask(step: Step): Promise<void> {
  const session = someSession(step);
  if (session === undefined) return;
  say(step, `${session.id} looks at itself`);
  const path = step.chance.one(["/v1/sessions/current", "/v1/me", "/v1/sessions?limit=5"]);
  const told = await act(step.run, session, { method: "GET", path, faults: step.faults });
  if (told.is !== "taken") return;
  const isKey = session.person.user === undefined && path !== "/v1/sessions/current";
  demand(told.status === 200 || isKey, () => `GET ${path} was answered ${told.status} ${told.text}`);
}

/** Uses a session that is over, which nobody may. */
export async function askWhenOver(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const nowMs = nowOf(run);
  const over = chance
    .one(run.tenants)
    .people.flatMap((person) => person.sessions)
    .filter(({ tokens, end }) => end !== undefined && tokens !== undefined)
    .filter(({ tokens }) => (tokens?.accessIssuedAtMs ?? 0) + 295_000 > nowMs);
  const session = chance.pick(over);
  if (session === undefined) return;
  say(step, `${session.id} is over, and asks`);
  await act(run, session, { method: "GET", path: "/v1/sessions/current", faults });
}

/** Compares the list of somebody's active sessions with the model. */
export async function list(step: Step): Promise<void> {
  const person = step.chance.pick(step.chance.one(step.run.tenants).people);
  if (person === undefined) return;
  say(step, `the sessions of ${person.id} are listed`);
  await settleSessions(step.run, person);
}

/** Signs out. */
export async function logOut(step: Step): Promise<void> {
  const session = someSession(step);
  if (session === undefined) return;
  say(step, `${session.id} signs out`);
  const asked = { method: "POST", path: "/v1/auth/logout", faults: step.faults } as const;
  await settleEnd(step.run, await act(step.run, session, asked), {
    session,
    reason: "logged_out",
    status: 204,
  });
}

interface Ending {
  readonly session: ModelSession;
  readonly reason: "logged_out" | "revoked";
  readonly status: number;
}

/** What the answer to an end means. */
async function settleEnd(run: Run, told: Acted, { session, reason, status }: Ending): Promise<void> {
  if (told.is === "over") return;
  if (told.is === "unknown") {
    await settleSessions(run, session.person, { ended: { sessions: [session], reason } });
    return;
  }
  demand(told.status === status, () => `An end was answered ${told.status} ${told.text}`);
  endNow(session, reason, nowOf(run));
}

/** Ends one session: one's own, or an owner another's. */
export async function revokeOne(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const session = someSession(step);
  if (session === undefined) return;
  const { person } = session;
  const by = half(chance) ? await strongOwner(step, person.home) : await ownSession(step, session);
  if (by === undefined || livenessOf(session, nowOf(run)) === "over") return;
  say(step, `${by.id} revokes ${session.id}`);
  const path = `/v1/sessions/${session.id}`;
  const told = await act(run, by, { method: "DELETE", path, faults });
  if (told.is === "over") return;
  await settleEnd(run, told, { session, reason: "revoked", status: 204 });
}

/** Another session of the same user, or the same one. A key's sessions end themselves by signing out. */
async function ownSession(step: Step, session: ModelSession): Promise<ModelSession | undefined> {
  return session.person.user === undefined ? undefined : await sessionOf(step, session.person);
}

/** Ends all sessions of somebody: by themselves, or by an owner. */
export async function revokeAll(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const person = somebody(step);
  const byOwner = half(chance);
  const by = byOwner ? await strongOwner(step, person.home) : chance.pick(withTokens(step, person.sessions));
  if (by === undefined || livenessOf(by, nowOf(run)) === "over") return;
  const exceptCurrent = by.person === person && half(chance);
  say(step, `${by.id} revokes all of ${person.id}${exceptCurrent ? " but itself" : ""}`);
  const asked = {
    method: "POST",
    path: "/v1/sessions/revoke",
    body: { userId: person.id, exceptCurrent },
  } as const;
  const before = openSessions(person, nowOf(run));
  const told = await act(run, by, { ...asked, faults });
  if (told.is === "over") return;
  const open = before.filter((session) => !(exceptCurrent && session === by));
  if (told.is === "unknown") {
    await settleSessions(run, person, { ended: { sessions: open, reason: "revoked" } });
    return;
  }
  demand(told.status === 200, () => `Revoking all was answered ${told.status} ${told.text}`);
  holdToCount(run, open, told.body.revoked);
  for (const session of open) endNow(session, "revoked", nowOf(run));
}

function withTokens({ run }: Step, sessions: readonly ModelSession[]): readonly ModelSession[] {
  return sessions.filter(({ tokens, end }) => tokens !== undefined && end === undefined && nowOf(run) > 0);
}

function holdToCount(run: Run, open: readonly ModelSession[], revoked: number): void {
  const nowMs = nowOf(run);
  const sure = open.filter((session) => livenessOf(session, nowMs) === "alive").length;
  demand(sure <= revoked && revoked <= open.length, () => {
    return `${revoked} sessions were revoked of ${sure} to ${open.length}.`;
  });
}
