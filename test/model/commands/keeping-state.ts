import { livenessOf, type ModelSession, type ModelValue } from "../model.ts";
import { type Acted, act, demand, nowOf, type Run, type Step, say } from "../run.ts";
import { someSession } from "./signing-in.ts";

const KEYS = ["cart", "draft/1", "view"] as const;

/** A value of a session's state, of which there may be none. */
interface Place {
  readonly session: ModelSession;
  readonly path: string;
  readonly held: ModelValue;
}

function somePlace(step: Step): Place | undefined {
  const session = someSession(step, ({ person }) => person.user !== undefined);
  if (session === undefined) return undefined;
  const key = step.chance.one(KEYS);
  const held = session.state.get(key) ?? { value: undefined, version: 0 };
  session.state.set(key, held);
  return { session, path: `/v1/sessions/current/state/${encodeURIComponent(key)}`, held };
}

/** Writes a value: always, only over the version that was read, or only where there is none. */
export async function write(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const place = somePlace(step);
  if (place === undefined) return;
  const { session, path, held } = place;
  const condition = chance.one(["none", "right", "stale", "create"] as const);
  const headers = conditionOf(condition, held);
  const isRefused =
    (condition === "stale" && true) ||
    (condition === "right" && held.value === undefined) ||
    (condition === "create" && held.value !== undefined);
  const value = run.seed * 1000 + run.at;
  say(step, `${session.id} writes ${value} to ${path}, ${condition}`);
  const told = await act(run, session, { method: "PUT", path, body: { value }, headers, faults });
  if (told.is === "over") return;
  if (told.is === "unknown") return await settleValue(run, place, isRefused ? [] : [value]);
  if (isRefused) {
    demand(told.status === 412, () => `A write under ${condition} was answered ${told.status} ${told.text}`);
    return;
  }
  demand(told.status === 200, () => `A write was answered ${told.status} ${told.text}`);
  demand(told.body.version > held.version, () => `Version ${told.body.version} follows ${held.version}.`);
  Object.assign(held, { value, version: told.body.version });
}

function conditionOf(
  condition: "none" | "right" | "stale" | "create",
  { version }: ModelValue,
): Record<string, string> {
  switch (condition) {
    case "none":
      return {};
    case "right":
      return { "if-match": `"${version}"` };
    case "stale":
      return { "if-match": `"${version + 7}"` };
    case "create":
      return { "if-none-match": "*" };
  }
}

/** Reads a value. */
export async function readValue(step: Step): Promise<void> {
  const place = somePlace(step);
  if (place === undefined) return;
  say(step, `${place.session.id} reads ${place.path}`);
  const told = await act(step.run, place.session, { method: "GET", path: place.path, faults: step.faults });
  if (told.is === "taken") holdValue(place, told);
}

function holdValue({ held }: Place, told: Acted & { readonly is: "taken" | "unknown" }): void {
  if (held.value === undefined) {
    demand(told.status === 404, () => `There is no value, and it was answered ${told.status} ${told.text}`);
    return;
  }
  const isSame =
    told.status === 200 && told.body.value === held.value && told.headers["etag"] === `"${held.version}"`;
  demand(
    isSame,
    () => `The value is ${held.value} in version ${held.version}, not ${told.headers["etag"]} ${told.text}`,
  );
}

/** Forgets a value. */
export async function forget(step: Step): Promise<void> {
  const { run, faults } = step;
  const place = somePlace(step);
  if (place === undefined) return;
  const { session, path, held } = place;
  say(step, `${session.id} deletes ${path}`);
  const told = await act(run, session, { method: "DELETE", path, faults });
  if (told.is === "over") return;
  if (told.is === "unknown") return await settleValue(run, place, [undefined]);
  const status = held.value === undefined ? 404 : 204;
  demand(told.status === status, () => `A deletion was answered ${told.status} ${told.text}`);
  held.value = undefined;
}

/** Reads what has become of a write that nobody had an answer to: as it was, or as it would be. */
async function settleValue(run: Run, place: Place, after: readonly (number | undefined)[]): Promise<void> {
  const { session, path, held } = place;
  const told = await act(run, session, { method: "GET", path });
  if (told.is === "over") {
    // It can be read by no session of this one's any more.
    session.state.clear();
    return;
  }
  const value: number | undefined = told.status === 404 ? undefined : told.body.value;
  demand(
    [held.value, ...after].includes(value),
    () => `Neither ${held.value} nor ${after} is there, but ${told.text}`,
  );
  const version = told.status === 404 ? held.version : Number(told.headers["etag"]?.replaceAll('"', ""));
  demand(version >= held.version, () => `Version ${version} follows ${held.version}.`);
  Object.assign(held, { value, version });
}

/** Two writes over the same version at once: one of them holds. */
export async function raceToWrite(step: Step): Promise<void> {
  const { run } = step;
  const place = somePlace(step);
  if (place === undefined || livenessOf(place.session, nowOf(run)) !== "alive") return;
  const { session, path, held } = place;
  const headers = held.value === undefined ? { "if-none-match": "*" } : { "if-match": `"${held.version}"` };
  const values = [run.seed * 1000 + run.at + 0.25, run.seed * 1000 + run.at + 0.5];
  say(step, `${session.id} writes twice at once to ${path}`);
  // The token is made fresh by the first of them alone.
  if ((await act(run, session, { method: "GET", path })).is !== "taken") return;
  const all = await Promise.all(
    values.map(async (value) => await act(run, session, { method: "PUT", path, body: { value }, headers })),
  );
  const taken = all.flatMap((told, index) =>
    told.is === "taken" && told.status === 200 ? [{ told, index }] : [],
  );
  const [winner] = taken;
  demand(
    taken.length === 1 && winner !== undefined,
    () => `${taken.length} of two writes over one version hold.`,
  );
  Object.assign(held, { value: values[winner.index], version: winner.told.body.version });
}
