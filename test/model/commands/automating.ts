import { CALM, type FaultPlan } from "../fault-plan.ts";
import {
  endNow,
  livenessOf,
  type ModelSession,
  newPerson,
  newSession,
  openSessions,
  type Person,
} from "../model.ts";
import {
  act,
  demand,
  type Listed,
  lookAll,
  nowOf,
  type Run,
  type Step,
  say,
  send,
  type Told,
} from "../run.ts";
import { holdToLimit, settleSessions } from "../settle.ts";
import { strongOwner } from "./signing-in.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

function someKey({ run, chance }: Step): Person | undefined {
  const home = chance.one(run.tenants);
  return chance.pick(home.people.filter(({ user, gone }) => user === undefined && !gone));
}

/** Makes an API key. */
export async function makeKey(step: Step): Promise<void> {
  const { run, faults } = step;
  const by = await strongOwner(step);
  if (by === undefined) return;
  const { home } = by.person;
  const name = `key-${run.at}`;
  say(step, `${by.id} makes ${name}`);
  const asked = { method: "POST", path: "/v1/api-keys", body: { name, roles: ["member"] } } as const;
  const told = await act(run, by, { ...asked, faults });
  if (told.is === "over") return;
  const roles = ["member"];
  if (told.is === "taken") {
    demand(told.status === 201, () => `A key was answered ${told.status} ${told.text}`);
    home.people.push(newPerson(home, { id: told.body.id, roles, secret: told.body.secret }));
    return;
  }
  const made = (await lookAll(run, home, "/v1/api-keys")).filter((key: Listed) => key.name === name);
  demand(made.length <= 1, () => `${made.length} keys were made at once.`);
  for (const { id } of made) home.people.push(newPerson(home, { id, roles }));
}

/** Gets a token with a key: it opens the session of a run, or joins it. */
export async function useKey(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const key = someKey(step);
  if (key?.secret === undefined) return;
  const runId = chance.one(["nightly", "deploy"]);
  say(step, `${key.id} asks for a token of the run ${runId}`);
  await askForToken(run, key, { runId, faults });
}

async function askForToken(
  run: Run,
  key: Person,
  { runId, faults }: { readonly runId: string; readonly faults: FaultPlan },
): Promise<void> {
  const nowMs = nowOf(run);
  const open = openSessions(key, nowMs);
  const running = key.runs.get(runId);
  const liveness = running === undefined ? "over" : livenessOf(running, nowMs);
  const form = {
    grant_type: "client_credentials",
    client_id: key.id,
    client_secret: key.secret ?? "",
    run_id: runId,
  };
  const body = new URLSearchParams(form).toString();
  const told = await send(run, {
    method: "POST",
    path: "/oauth/token",
    home: key.home,
    body,
    headers: FORM,
    faults,
  });
  const { maxConcurrentSessions, onSessionLimit } = key.home.policy;
  if (told.isUnknown) {
    const mayGo = onSessionLimit === "evict_oldest" ? open : [];
    const found = await settleSessions(run, key, { begun: 1, ended: { sessions: mayGo, reason: "evicted" } });
    const [session] = found;
    if (session !== undefined) key.runs.set(runId, session);
    return;
  }
  if (told.status !== 200) {
    const isFull = open.length >= maxConcurrentSessions && onSessionLimit !== "evict_oldest";
    demand(isFull && liveness !== "alive", () => `A key was answered ${told.status} ${told.text}`);
    return;
  }
  const session = joined(key, told, { running, liveness }) ?? newSession(key, sessionIn(told), nowMs);
  const known = { accessIssuedAtMs: nowMs, factorAtMs: undefined, refresh: [], rotatedAtMs: nowMs };
  session.tokens = { access: told.body.access_token, ...known };
  key.runs.set(runId, session);
  await holdToLimit(run, key);
}

/** The session of the run where that is alive: then the token has to be of it. */
function joined(
  key: Person,
  told: Told,
  { running, liveness }: { readonly running: ModelSession | undefined; readonly liveness: string },
): ModelSession | undefined {
  const id = sessionIn(told);
  const known = key.sessions.find((session) => session.id === id);
  demand(liveness !== "alive" || known === running, () => `${running?.id} is alive, and the run got ${id}.`);
  demand(
    known === undefined || livenessOf(known, known.seenMaxMs) !== "over",
    () => `${id} is over, and was joined.`,
  );
  return known;
}

/** The session that an access token is of (RFC 9068). */
function sessionIn({ body }: Told): string {
  const [, claims = ""] = body.access_token.split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString()).sid;
}

/** Deletes a key: its sessions end with it. */
export async function deleteKey(step: Step): Promise<void> {
  const { run, faults } = step;
  const key = someKey(step);
  const by = key && (await strongOwner(step, key.home));
  if (key === undefined || by === undefined) return;
  say(step, `${by.id} deletes ${key.id}`);
  const asked = { method: "DELETE", path: `/v1/api-keys/${key.id}` } as const;
  let told = await act(run, by, { ...asked, faults });
  const isRepeated = told.is === "unknown";
  // What is safe to repeat is repeated; what the first one deleted is not there any more.
  if (isRepeated) told = await act(run, by, { ...asked, faults: CALM });
  if (told.is !== "taken") return;
  const isGone = told.status === 204 || (isRepeated && told.status === 404);
  demand(isGone, () => `Deleting a key was answered ${told.is === "taken" && told.text}`);
  key.gone = true;
  for (const session of openSessions(key, nowOf(run))) endNow(session, "revoked", nowOf(run));
}
