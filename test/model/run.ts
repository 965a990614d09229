import type { TestUser } from "../support/accounts.ts";
import type { Answer } from "../support/answer-check.ts";
import type { RequestOptions } from "../support/app.ts";
import type { StreamDelivery } from "../support/stream-delivery.ts";
import type { Chance } from "./chance.ts";
import { CALM, type FaultPlan } from "./fault-plan.ts";
import {
  endNow,
  livenessOf,
  type ModelSession,
  type ModelTenant,
  type Person,
  seen,
  timeEnd,
} from "./model.ts";
import type { Scene } from "./world.ts";

/** What a request came to. */
export interface Told extends Answer {
  /** Nobody knows whether it has happened: the answer was lost with the function, or was 503. */
  readonly isUnknown: boolean;
}

/** What the log has to say of one request. */
export interface Expectation {
  readonly tenantId: string | undefined;
  readonly requestId: string;
  readonly what: string;
  readonly outcome: "success" | "refused" | "unknown";
  /** The request that may have done it already, and put it on record. */
  readonly repeats: string | undefined;
}

/** One run of a seed: the model, the product, and what has been seen so far. */
export interface Run {
  readonly seed: number;
  readonly scene: Scene;
  readonly tenants: readonly [ModelTenant, ...ModelTenant[]];
  /** The platform's support agent, whose answers are of several tenants. */
  readonly agent: TestUser;
  readonly streams: StreamDelivery;
  /** How the streams are delivered at present: with care where this is nothing. */
  carelessness: Chance | undefined;
  readonly expectations: Expectation[];
  /** The tenant that an id was first seen in an answer of. */
  readonly ownerOfId: Map<string, string>;
  /** The ids that a tenant has named in a request, after the tenant's own. */
  readonly named: Set<string>;
  /** Whoever looks on in a tenant, to tell what has become of a request that nobody had an answer to. */
  readonly watchers: Map<string, Watcher>;
  /** What the commands did, a line each. */
  readonly log: string[];
  /** The number of the present command; makes values and names that are nobody else's. */
  at: number;
}

/** An administrator of a tenant who is no part of the model: reads, and changes nothing. */
export interface Watcher {
  readonly user: TestUser;
  token: string;
  refresh: string;
  freshUntilMs: number;
}

/** Something that happens in a run. */
export interface Step {
  readonly run: Run;
  readonly chance: Chance;
  /** What goes wrong with it. */
  readonly faults: FaultPlan;
}

/** A request of a step. */
export interface Asked extends RequestOptions {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** Whose log has the record; nobody's where there is no telling. */
  readonly home: ModelTenant | undefined;
  readonly faults?: FaultPlan;
  /** The request that this one is the same as, under one idempotency key. */
  readonly repeats?: string | undefined;
}

/** The time of the run. */
export function nowOf({ scene }: Run): number {
  return scene.app.clock.now();
}

/** Lets time go by. */
export function wait({ scene }: Run, ms: number): void {
  scene.app.clock.advance(ms);
}

/** Fails the run. */
export function demand(holds: boolean, otherwise: () => string): asserts holds {
  if (!holds) throw new Error(otherwise());
}

/** Says in the run's log what a step does. */
export function say({ run }: Pick<Step, "run">, text: string): void {
  run.log.push(text);
}

/** Sends a request while that goes wrong which is to go wrong, and holds the answer to what is true of all answers. */
export async function send(run: Run, asked: Asked): Promise<Told> {
  const { method, path, home, faults = CALM, repeats, ...options } = asked;
  run.scene.suffer(faults.next);
  let answer: Answer;
  try {
    answer = await run.scene.app.request(method, path, options);
  } finally {
    run.scene.suffer(CALM.next);
  }
  const isUnknown = answer.status >= 500;
  const what = `${method} ${path}`;
  if (isUnknown) {
    demand(faults !== CALM, () => `${what} answered ${answer.status} and nothing was wrong: ${answer.text}`);
    if (!faults.kills) holdToUnavailable(what, answer);
  }
  if (answer.status === 429)
    demand("retry-after" in answer.headers, () => `${what}: 429 without Retry-After`);
  holdApart(run, asked, answer);
  const requestId = answer.headers["x-request-id"] ?? "";
  const outcome = isUnknown ? "unknown" : answer.status < 400 ? "success" : "refused";
  run.expectations.push({ tenantId: home?.tenant.id, requestId, what, outcome, repeats });
  return { ...answer, isUnknown };
}

function holdToUnavailable(what: string, { status, headers, text }: Answer): void {
  demand(status === 503 && Number(headers["retry-after"]) >= 1, () => {
    return `${what} answered ${status}, Retry-After ${headers["retry-after"]}, to a fault: ${text}`;
  });
}

const ID = /\b(?:ten|usr|ses|fac|act|res|inv|key|grt)_[0-9a-hjkmnp-tv-z]{26}\b/g;

/** No answer of a tenant holds an id of another one; but for those that it has named itself, which its log repeats. */
function holdApart({ ownerOfId, named, agent }: Run, { home, path, body }: Asked, { text }: Answer): void {
  if (home === undefined) return;
  for (const [id] of `${path} ${JSON.stringify(body)}`.matchAll(ID)) named.add(`${home.tenant.id} ${id}`);
  for (const [id] of text.matchAll(ID)) {
    // Who has looked on stands in the log of each tenant that let them.
    if (named.has(`${home.tenant.id} ${id}`) || id === agent.userId) continue;
    const owner = ownerOfId.get(id) ?? home.tenant.id;
    demand(
      owner === home.tenant.id,
      () => `An answer of ${home.tenant.id} holds ${id}, which is ${owner}'s.`,
    );
    ownerOfId.set(id, owner);
  }
}

/** What came of a request of a session: its answer, or that the session is over. */
export type Acted = (Told & { readonly is: "taken" | "unknown" }) | { readonly is: "over" };

/** A token younger than that is good for the next request. */
const TOKEN_FRESH_MS = 295_000;

/** Sends a request in the name of a session whose client has tokens; whether the session lives is held to the model. */
export async function act(run: Run, session: ModelSession, asked: Omit<Asked, "home">): Promise<Acted> {
  if (!(await freshen(run, session))) return { is: "over" };
  const home = session.person.home;
  const liveness = livenessOf(session, nowOf(run));
  const told = await send(run, { ...asked, home, token: session.tokens?.access ?? "" });
  if (told.isUnknown) {
    // Whatever has become of it, the session may have been seen.
    if (liveness !== "over") session.seenMaxMs = nowOf(run);
    return { ...told, is: "unknown" };
  }
  if (!heard({ session, told, liveness })) return { is: "over" };
  seen(session, nowOf(run));
  return { ...told, is: "taken" };
}

interface Heard {
  readonly session: ModelSession;
  readonly told: Told;
  readonly liveness: ReturnType<typeof livenessOf>;
}

/** Holds an answer to what is known of its session; whether the session is alive. */
function heard({ session, told, liveness }: Heard): boolean {
  if (told.body?.code !== "session.ended") {
    demand(liveness !== "over" || isGone(told, session.person), () => {
      return `${session.id} is over and was answered ${told.status} ${told.text.slice(0, 300)}`;
    });
    return !isGone(told, session.person);
  }
  demand(liveness !== "alive", () => `${session.id} is alive, and is told: ${told.text}`);
  const end = session.end ?? timeEnd(session);
  const { reason } = told.body;
  demand(end.reasons.includes(reason), () => `${session.id} ended as ${reason}, not as ${end.reasons}.`);
  session.end = { ...end, reasons: [reason] };
  return false;
}

/** Whose key was deleted is told that the token is not valid. */
function isGone({ body }: Told, { gone }: Person): boolean {
  return gone && body?.code === "auth.token_invalid";
}

/** Gets a new access token where the present one has expired; false where the session turns out to be over. */
async function freshen(run: Run, session: ModelSession): Promise<boolean> {
  const { tokens } = session;
  if (tokens === undefined) throw new Error(`Nobody has tokens of ${session.id}.`);
  if (nowOf(run) < tokens.accessIssuedAtMs + TOKEN_FRESH_MS) return true;
  return (await refreshWith(run, session, { stepsBack: 0 })) === "taken";
}

/** Which refresh token is shown, and what goes wrong. */
interface Refreshing {
  readonly stepsBack: number;
  readonly faults?: FaultPlan;
}

const REFRESH_GRACE_MS = 10_000;

/** Refreshes a session with the token so many before its last one. */
export async function refreshWith(
  run: Run,
  session: ModelSession,
  { stepsBack, faults = CALM }: Refreshing,
): Promise<"taken" | "over" | "unknown"> {
  const { tokens, person } = session;
  const refreshToken = tokens?.refresh.at(-1 - stepsBack);
  // A key has no refresh token: it asks for a token again.
  if (tokens === undefined || refreshToken === undefined) return "over";
  const nowMs = nowOf(run);
  const liveness = livenessOf(session, nowMs);
  const asked = {
    method: "POST",
    path: "/v1/auth/refresh",
    body: { refreshToken },
    home: person.home,
  } as const;
  const told = await send(run, { ...asked, faults });
  if (told.isUnknown) {
    if (liveness !== "over") session.seenMaxMs = nowMs;
    return "unknown";
  }
  if (!heard({ session, told, liveness })) return "over";
  const isRepeat = stepsBack === 1 && nowMs < tokens.rotatedAtMs + REFRESH_GRACE_MS;
  if (stepsBack > 0 && !isRepeat) {
    demand(told.body.code === "refresh.reused", () => `A used refresh token was answered ${told.text}`);
    endNow(session, "refresh_reused", nowMs);
    return "over";
  }
  demand(told.status === 200, () => `A good refresh token was answered ${told.status} ${told.text}`);
  tokens.access = told.body.accessToken;
  tokens.accessIssuedAtMs = nowMs;
  if (isRepeat) {
    demand(told.body.refreshToken === tokens.refresh.at(-1), () => "A repeat gave another successor.");
  } else {
    tokens.refresh.push(told.body.refreshToken);
    tokens.rotatedAtMs = nowMs;
    seen(session, nowMs);
  }
  return "taken";
}

/** Reads something of a tenant as it is, by whoever looks on there. */
export async function look(run: Run, home: ModelTenant, path: string): Promise<Told> {
  const watcher = run.watchers.get(home.tenant.id);
  if (watcher === undefined) throw new Error(`Nobody looks on in ${home.name}.`);
  if (nowOf(run) >= watcher.freshUntilMs) await renew(run, watcher);
  const told = await send(run, { method: "GET", path, home, token: watcher.token });
  if (told.body?.code !== "session.ended") return told;
  await signWatcherIn(run, watcher);
  return await send(run, { method: "GET", path, home, token: watcher.token });
}

async function renew(run: Run, watcher: Watcher): Promise<void> {
  const body = { refreshToken: watcher.refresh };
  const told = await run.scene.app.request("POST", "/v1/auth/refresh", { body });
  if (told.status !== 200) return await signWatcherIn(run, watcher);
  Object.assign(watcher, {
    token: told.body.accessToken,
    refresh: told.body.refreshToken,
    freshUntilMs: nowOf(run) + TOKEN_FRESH_MS,
  });
}

async function signWatcherIn(run: Run, watcher: Watcher): Promise<void> {
  const { accessToken, refreshToken } = await run.scene.app.signIn(watcher.user);
  const freshUntilMs = nowOf(run) + TOKEN_FRESH_MS;
  Object.assign(watcher, { token: accessToken, refresh: refreshToken, freshUntilMs });
}

/** All items of a list, page by page. */
export async function lookAll(run: Run, home: ModelTenant, path: string): Promise<readonly Listed[]> {
  const items: Listed[] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body, text } = await look(
      run,
      home,
      `${path}${path.includes("?") ? "&" : "?"}limit=200${more}`,
    );
    demand(status === 200, () => `GET ${path} answered ${status} ${text}`);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return items;
}

// biome-ignore lint/suspicious/noExplicitAny: whoever looks into it says what it expects there.
export type Listed = any;
