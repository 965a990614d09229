import { DEFAULT_POLICY, type TenantPolicy } from "../../../lib/session/policy.ts";
import { changePolicy, endNow, livenessOf, openSessions, ownerOf, type Person } from "../model.ts";
import { act, demand, look, nowOf, type Run, type Step, say } from "../run.ts";
import { half, strongOwner } from "./signing-in.ts";

/** Puts another policy in the place of a tenant's: it holds for running sessions at once. */
export async function replacePolicy(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const by = await strongOwner(step);
  if (by === undefined) return;
  const { home } = by.person;
  const policy: TenantPolicy = {
    ...DEFAULT_POLICY,
    idleTimeoutSeconds: chance.one([300, 1800, 1800, 7200]),
    absoluteTimeoutSeconds: chance.one([3600, 43_200, 43_200, 259_200]),
    maxConcurrentSessions: chance.one([1, 2, 3, 10]),
    onSessionLimit: chance.one(["evict_oldest", "evict_oldest", "deny", "ask"]),
  };
  const { idleTimeoutSeconds, absoluteTimeoutSeconds, maxConcurrentSessions, onSessionLimit } = policy;
  say(
    step,
    `${by.id} sets ${[idleTimeoutSeconds, absoluteTimeoutSeconds, maxConcurrentSessions, onSessionLimit].join(" ")}`,
  );
  const told = await act(run, by, { method: "PUT", path: "/v1/tenant/policy", body: policy, faults });
  if (told.is === "over") return;
  demand(
    told.is === "unknown" || told.status === 200,
    () => `A policy was answered ${told.status} ${told.text}`,
  );
  if (told.is === "unknown") {
    const { body } = await look(run, home, "/v1/tenant/policy");
    const known = [home.policy, policy].find((one) => isSame(one, body));
    demand(
      known !== undefined,
      () => `The policy is neither the old nor the new one: ${JSON.stringify(body)}`,
    );
    // What may have been in force in between counts as well.
    changePolicy(home, known);
    return;
  }
  demand(isSame(policy, told.body), () => `Another policy was set: ${told.text}`);
  changePolicy(home, policy);
}

function isSame(one: TenantPolicy, other: TenantPolicy): boolean {
  return JSON.stringify(Object.entries(one).toSorted()) === JSON.stringify(Object.entries(other).toSorted());
}

/** Makes a reader of a member, or the other way round: it counts from the very next request on. */
export async function changeRole(step: Step): Promise<void> {
  const by = await strongOwner(step);
  if (by === undefined) return;
  const person = step.chance.pick(staff(by.person.home.people));
  if (person === undefined) return;
  const roles = person.roles.includes("member") ? ["read-only"] : ["member"];
  say(step, `${by.id} makes ${roles} of ${person.id}`);
  const change = {
    method: "PATCH",
    path: `/v1/users/${person.id}`,
    body: { roles },
    faults: step.faults,
  } as const;
  const told = await act(step.run, by, change);
  if (told.is === "over") return;
  demand(
    told.is === "unknown" || told.status === 200,
    () => `A role was answered ${told.status} ${told.text}`,
  );
  if (told.is === "unknown") person.roles = (await read(step.run, person)).roles;
  else person.roles = roles;
}

/** Disables a user, whose sessions end, or lets one in again. */
export async function disable(step: Step): Promise<void> {
  const { run, faults } = step;
  const by = await strongOwner(step);
  if (by === undefined) return;
  const person = step.chance.pick(staff(by.person.home.people));
  // A user who is disabled for long is of no use to the run.
  if (person === undefined || (!person.disabled && !half(step.chance))) return;
  const disabled = !person.disabled;
  say(step, `${by.id} ${disabled ? "disables" : "enables"} ${person.id}`);
  const change = { method: "PATCH", path: `/v1/users/${person.id}`, body: { disabled } } as const;
  let told = await act(run, by, { ...change, faults });
  // What is safe to repeat is repeated.
  if (told.is === "unknown") told = await act(run, by, change);
  if (told.is !== "taken") return;
  demand(
    told.status === 200 && told.body.disabled === disabled,
    () => `It was answered ${told.status} ${told.text}`,
  );
  person.disabled = disabled;
  if (disabled)
    for (const session of openSessions(person, nowOf(run))) endNow(session, "user_disabled", nowOf(run));
}

/** Those who are not the owner, and have a password. */
function staff(people: readonly Person[]): readonly Person[] {
  return people.filter(({ user, home, id }) => user !== undefined && id !== ownerOf(home).id);
}

async function read(run: Run, person: Person) {
  const { status, body, text } = await look(run, person.home, `/v1/users/${person.id}`);
  demand(status === 200, () => `A user was answered ${status} ${text}`);
  return body;
}

/** Asks for what is another tenant's: nobody can tell it from what is not there. */
export async function pry(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const nowMs = nowOf(run);
  const [one, other] = half(chance) ? run.tenants : [...run.tenants].reverse();
  if (one === undefined || other === undefined || one === other) return;
  const session = chance.pick(
    one.people
      .flatMap((person) => openSessions(person, nowMs))
      .filter((open) => open.tokens !== undefined && livenessOf(open, nowMs) === "alive"),
  );
  const foreign = [
    ...other.resources.map(({ id }) => `/v1/resources/${id}`),
    ...other.people.flatMap((person) => person.sessions.map(({ id }) => `/v1/sessions/${id}`)),
    ...other.people.map(({ id }) => `/v1/users/${id}`),
  ];
  const path = chance.pick(foreign);
  if (session === undefined || path === undefined) return;
  say(step, `${session.id} asks for ${path}, which is another tenant's`);
  const told = await act(run, session, { method: chance.one(["GET", "DELETE"]), path, faults });
  if (told.is !== "taken") return;
  // Who may do it with nothing of their own tenant is told so whatever is asked for.
  demand(
    told.status === 404 || told.status === 403 || told.status === 401,
    () => `It was answered ${told.text}`,
  );
  demand(told.status !== 403 || told.body.code !== "not_found", () => told.text);
}
