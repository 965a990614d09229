import speakeasy from "speakeasy";
import type { Chance } from "../chance.ts";
import { CALM, type FaultPlan } from "../fault-plan.ts";
import {
  livenessOf,
  type ModelSession,
  newSession,
  openSessions,
  ownerOf,
  type Person,
  seen,
} from "../model.ts";
import { act, demand, nowOf, type Run, refreshWith, type Step, say, send, type Told, wait } from "../run.ts";
import { holdToLimit, settleSessions } from "../settle.ts";

const STEP_MS = 30_000;

/** Somebody of a tenant with a password. */
export function somebody({ run, chance }: Step): Person {
  const home = chance.one(run.tenants);
  return chance.pick(home.people.filter((person) => person.user !== undefined)) ?? ownerOf(home);
}

/** A session that is alive, or may be, and whose client has its tokens. */
export function someSession(
  { run, chance }: Step,
  wanted: (session: ModelSession) => boolean = () => true,
): ModelSession | undefined {
  const nowMs = nowOf(run);
  const people = run.tenants.flatMap((home) => home.people);
  const usable = people.flatMap((person) =>
    openSessions(person, nowMs).filter((session) => session.tokens !== undefined && wanted(session)),
  );
  return chance.pick(usable);
}

/** A session whose user is a person of the tenant with one of these roles. */
export async function sessionOf(step: Step, person: Person): Promise<ModelSession | undefined> {
  const open = openSessions(person, nowOf(step.run)).filter((session) => session.tokens !== undefined);
  return step.chance.pick(open) ?? (await begin(step.run, person, { faults: CALM }));
}

/** The next code of a person's app; each is good once, so that time may have to go by. */
function nextCode(run: Run, person: Person): string {
  let step = Math.floor(nowOf(run) / STEP_MS);
  if (step <= person.totpStep) {
    wait(run, (person.totpStep + 1) * STEP_MS - nowOf(run));
    step = person.totpStep + 1;
  }
  person.totpStep = step;
  return speakeasy.totp({ secret: person.user?.totpSecret ?? "", encoding: "base32", time: step * 30 });
}

interface Beginning {
  readonly faults: FaultPlan;
  /** Whether the second factor is what goes wrong, rather than the password. */
  readonly atFactor?: boolean;
}

/** Signs somebody in; the session where one began and its tokens arrived. */
async function begin(
  run: Run,
  person: Person,
  { faults, atFactor = false }: Beginning,
): Promise<ModelSession | undefined> {
  const { user, home } = person;
  if (user === undefined) throw new Error(`${person.id} has no password.`);
  const code = user.totpSecret === null ? undefined : nextCode(run, person);
  const { email, password } = user;
  const asked = { method: "POST", path: "/v1/auth/login", home, body: { email, password } } as const;
  let told = await send(run, { ...asked, faults: atFactor && code !== undefined ? CALM : faults });
  if (told.body?.status === "mfa_required" && !told.isUnknown) {
    const body = { challengeToken: told.body.challengeToken, code };
    told = await send(run, {
      method: "POST",
      path: "/v1/auth/mfa",
      home,
      body,
      faults: atFactor ? faults : CALM,
    });
  }
  return await began(run, person, told);
}

/** What an answer to a last step of signing in means. */
async function began(run: Run, person: Person, told: Told): Promise<ModelSession | undefined> {
  const nowMs = nowOf(run);
  const open = openSessions(person, nowMs);
  const alive = open.filter((session) => livenessOf(session, nowMs) === "alive");
  const { maxConcurrentSessions, onSessionLimit } = person.home.policy;
  if (told.isUnknown) {
    const mayGo = onSessionLimit === "evict_oldest" ? open : [];
    await settleSessions(run, person, { begun: 1, ended: { sessions: mayGo, reason: "evicted" } });
    return undefined;
  }
  if (person.disabled) {
    demand(told.body.code === "auth.invalid_credentials", () => `A disabled user was answered ${told.text}`);
    person.wrongAtMs.push(nowMs);
    return undefined;
  }
  if (told.body.code === "session.limit_reached") {
    const isFull = open.length >= maxConcurrentSessions && onSessionLimit !== "evict_oldest";
    demand(told.status === 409 && isFull, () => `The limit is not reached: ${told.text}`);
    if (onSessionLimit === "ask") return await replaceOne(run, person, told);
    return undefined;
  }
  demand(told.status === 200, () => `${person.id} could not sign in: ${told.status} ${told.text}`);
  const isFull = alive.length >= maxConcurrentSessions;
  demand(!isFull || onSessionLimit === "evict_oldest", () => `${person.id} signed in over the limit.`);
  return await opened(run, person, told);
}

async function opened(run: Run, person: Person, { body }: Told): Promise<ModelSession> {
  const nowMs = nowOf(run);
  const session = newSession(person, body.session.id, nowMs);
  session.tokens = {
    access: body.accessToken,
    accessIssuedAtMs: nowMs,
    factorAtMs: person.user?.totpSecret === null ? undefined : nowMs,
    refresh: [body.refreshToken],
    rotatedAtMs: nowMs,
  };
  await holdToLimit(run, person);
  return session;
}

/** Ends one of those that the refusal names, and signs in. */
async function replaceOne(run: Run, person: Person, { body }: Told): Promise<ModelSession | undefined> {
  const { challengeToken, sessions } = body;
  const nowMs = nowOf(run);
  for (const { id } of sessions) {
    const known = person.sessions.find((session) => session.id === id);
    demand(
      known !== undefined && livenessOf(known, nowMs) !== "over",
      () => `${id} is no session to choose.`,
    );
  }
  const chosen = person.sessions.find((session) => session.id === sessions[0].id);
  const told = await send(run, {
    ...{ method: "POST", path: "/v1/auth/replace", home: person.home },
    body: { challengeToken, sessionId: sessions[0].id },
  });
  // A limit that was lowered since lets nobody in for one session alone.
  if (told.body.code === "session.limit_reached") return undefined;
  demand(told.status === 200 && chosen !== undefined, () => `A session could not be replaced: ${told.text}`);
  await settleSessions(run, person, { begun: 1, ended: { sessions: [chosen], reason: "evicted" } }).then(
    (found) => {
      for (const { id } of found)
        person.sessions.splice(
          person.sessions.findIndex((session) => session.id === id),
          1,
        );
    },
  );
  return await opened(run, person, told);
}

/** Signs in with the right password, and the code where there is one. */
export async function signIn(step: Step): Promise<void> {
  const person = somebody(step);
  say(step, `${person.id} signs in`);
  await begin(step.run, person, { faults: step.faults, atFactor: step.chance.oneIn(2) });
}

const FAILURES_COUNT_MS = 15 * 60_000;

/** Signs in with a wrong password, from elsewhere, and so seldom that nobody is slowed down. */
export async function signInWrongly({ run, chance, faults }: Step): Promise<void> {
  const person = somebody({ run, chance, faults });
  const recent = person.wrongAtMs.filter((atMs) => nowOf(run) < atMs + FAILURES_COUNT_MS);
  if (person.user === undefined || recent.length >= 3) return;
  say({ run }, `${person.id} shows a wrong password`);
  person.wrongAtMs.push(nowOf(run));
  const body = { email: person.user.email, password: "this is not the right one" };
  const ip = "198.51.100.66";
  const told = await send(run, {
    method: "POST",
    path: "/v1/auth/login",
    home: person.home,
    body,
    ip,
    faults,
  });
  if (told.isUnknown) return;
  demand(told.body.code === "auth.invalid_credentials", () => `A wrong password was answered ${told.text}`);
}

/** Signs in three times at once: the limit holds, and nobody is let in without being counted. */
export async function race({ run, chance, faults }: Step): Promise<void> {
  const person = somebody({ run, chance, faults });
  const { user, home } = person;
  if (user === undefined || user.totpSecret !== null || person.disabled) return;
  say({ run }, `${person.id} signs in three times at once`);
  const nowMs = nowOf(run);
  const before = openSessions(person, nowMs);
  const body = { email: user.email, password: user.password };
  const asked = { method: "POST", path: "/v1/auth/login", home, body } as const;
  const all = await Promise.all([1, 2, 3].map(async () => await send(run, asked)));
  const { maxConcurrentSessions, onSessionLimit } = home.policy;
  for (const told of all) {
    const isRefused = told.body.code === "session.limit_reached" && onSessionLimit !== "evict_oldest";
    demand(told.status === 200 || isRefused, () => `One of three was answered ${told.status} ${told.text}`);
    if (told.status !== 200) continue;
    const session = newSession(person, told.body.session.id, nowMs);
    const { accessToken: access, refreshToken } = told.body;
    session.tokens = {
      access,
      accessIssuedAtMs: nowMs,
      factorAtMs: undefined,
      refresh: [refreshToken],
      rotatedAtMs: nowMs,
    };
  }
  const may = onSessionLimit === "evict_oldest" ? person.sessions : before;
  await settleSessions(run, person, { ended: { sessions: may, reason: "evicted" } });
  const left = openSessions(person, nowMs).length;
  const most =
    onSessionLimit === "evict_oldest"
      ? maxConcurrentSessions
      : Math.max(maxConcurrentSessions, before.length);
  demand(left <= most, () => `${person.id} has ${left} sessions after a race, and may have ${most}.`);
}

/** Refreshes with the present token, now and then with the one before or an older one. */
export async function refresh(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const session = someSession(step, ({ tokens }) => (tokens?.refresh.length ?? 0) > 0);
  if (session?.tokens === undefined) return;
  const wanted = chance.one([0, 0, 0, 0, 1, 1, 2] as const);
  const stepsBack = Math.min(wanted, session.tokens.refresh.length - 1);
  say(step, `${session.id} refreshes with the token ${stepsBack} before its last`);
  const outcome = await refreshWith(run, session, { stepsBack, faults });
  if (outcome !== "unknown") return;
  // What a client does with an answer that it did not get.
  if (stepsBack === 0) await refreshWith(run, session, { stepsBack });
  else
    await settleSessions(run, session.person, { ended: { sessions: [session], reason: "refresh_reused" } });
}

/** Refreshes twice at once: both get the same successor. */
export async function refreshTwice(step: Step): Promise<void> {
  const { run } = step;
  const session = someSession(step, ({ tokens }) => (tokens?.refresh.length ?? 0) > 0);
  const refreshToken = session?.tokens?.refresh.at(-1);
  const nowMs = nowOf(run);
  if (session?.tokens === undefined || livenessOf(session, nowMs) !== "alive") return;
  say(step, `${session.id} refreshes twice at once`);
  const asked = {
    method: "POST",
    path: "/v1/auth/refresh",
    body: { refreshToken },
    home: session.person.home,
  } as const;
  const [one, other] = await Promise.all([send(run, asked), send(run, asked)]);
  demand(
    one.status === 200 && other.status === 200,
    () => `Two tabs were answered ${one.text} and ${other.text}`,
  );
  demand(one.body.refreshToken === other.body.refreshToken, () => "Two tabs got different successors.");
  session.tokens.refresh.push(one.body.refreshToken);
  Object.assign(session.tokens, {
    access: one.body.accessToken,
    accessIssuedAtMs: nowMs,
    rotatedAtMs: nowMs,
  });
  seen(session, nowMs);
}

/** Verifies the factor of a session again where that is due; whether its token has a recent one from then on. */
export async function stepUp(run: Run, session: ModelSession, faults: FaultPlan = CALM): Promise<boolean> {
  const { person, tokens } = session;
  if (person.user === undefined || person.user.totpSecret === null || tokens === undefined) return false;
  const code = nextCode(run, person);
  const told = await act(run, session, { method: "POST", path: "/v1/auth/step-up", body: { code }, faults });
  if (told.is === "over") return false;
  const nowMs = nowOf(run);
  if (told.is === "unknown") {
    // The refresh token may have moved on: its repeat gives the one that the lost answer had.
    await refreshWith(run, session, { stepsBack: 0 });
    return await stepUp(run, session);
  }
  demand(told.status === 200, () => `A right code was answered ${told.status} ${told.text}`);
  tokens.refresh.push(told.body.refreshToken);
  Object.assign(tokens, {
    access: told.body.accessToken,
    accessIssuedAtMs: nowMs,
    factorAtMs: nowMs,
    rotatedAtMs: nowMs,
  });
  return true;
}

/** Whether what is sensitive may be done with the session's token. */
export function isStrong({ tokens, person }: ModelSession, nowMs: number): boolean {
  const { stepUpMaxAgeSeconds } = person.home.policy;
  return tokens?.factorAtMs !== undefined && nowMs - tokens.factorAtMs < stepUpMaxAgeSeconds * 1000;
}

/** A session of a tenant's owner that may do what is sensitive. */
export async function strongOwner(
  step: Step,
  home = step.chance.one(step.run.tenants),
): Promise<ModelSession | undefined> {
  const session = await sessionOf(step, ownerOf(home));
  if (session === undefined) return undefined;
  if (isStrong(session, nowOf(step.run)) && livenessOf(session, nowOf(step.run)) === "alive") return session;
  return (await stepUp(step.run, session)) ? session : undefined;
}

/** Verifies a factor again. */
export async function verifyAgain(step: Step): Promise<void> {
  const session = someSession(step, ({ person }) => typeof person.user?.totpSecret === "string");
  if (session === undefined) return;
  say(step, `${session.id} steps up`);
  await stepUp(step.run, session, step.faults);
}

/** What a chance of one in so many is drawn for. */
export function half(chance: Chance): boolean {
  return chance.oneIn(2);
}
