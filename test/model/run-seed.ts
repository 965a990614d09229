import { PLATFORM_TENANT_ID } from "../../lib/identity/tenant.ts";
import { DEFAULT_POLICY } from "../../lib/session/policy.ts";
import { RULES } from "../../lib/unusual/rules.ts";
import type { TestUser } from "../support/accounts.ts";
import { CARD } from "./bill.ts";
import { chanceOf } from "./chance.ts";
import { handOver } from "./commands/going-on.ts";
import { COMMANDS } from "./commands.ts";
import { CALM, drawFaults } from "./fault-plan.ts";
import { holdToModel } from "./final-checks.ts";
import { type ModelTenant, newPerson } from "./model.ts";
import { nowOf, type Run, type Watcher } from "./run.ts";
import type { Scene, Stage } from "./world.ts";

/** Which run: the seed decides everything that happens in it. */
export interface RunOptions {
  readonly seed: number;
  /** How many commands; more of them begin with the same. */
  readonly commands: number;
  /** Leaves all others out, to find those that matter; the rest stay as they are. */
  readonly only?: readonly number[];
}

/** What a run came to. */
export interface RunOutcome {
  readonly seed: number;
  /** The number of the command that it failed at; all of them where it failed in the end. */
  readonly failedAt?: number;
  readonly error?: Error;
  /** What was done, a line each. */
  readonly log: readonly string[];
  readonly requests: number;
  /** How many of them nobody had an answer to. */
  readonly unknown: number;
}

/** Runs a seed on a database of its own. It never throws: what fails is in the outcome. */
export async function runSeed(stage: Stage, { seed, commands, only }: RunOptions): Promise<RunOutcome> {
  const scene = await stage.set(seed);
  const run = await begin(scene, seed);
  let at = 0;
  try {
    for (; at < commands; at++) {
      if (only?.includes(at) !== false) await take(run, at);
    }
    await holdToModel(run);
    return outcomeOf(run);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { ...outcomeOf(run), failedAt: at, error };
  } finally {
    run.streams.close();
    scene.close();
  }
}

/** Draws a command and takes it. */
async function take(run: Run, at: number): Promise<void> {
  const chance = chanceOf(run.seed, at);
  const command = chance.weighted(COMMANDS);
  const faults = drawFaults(chance);
  const before = run.log.length;
  run.at = at;
  const time = new Date(nowOf(run)).toISOString();
  try {
    await command({ run, chance, faults });
  } finally {
    const line = run.log[before];
    if (line !== undefined)
      run.log[before] = `${at} ${time} ${line}${faults === CALM ? "" : ` [${faults.name}]`}`;
  }
}

function outcomeOf({ seed, log, expectations }: Run): RunOutcome {
  const unknown = expectations.filter(({ outcome }) => outcome === "unknown").length;
  return { seed, log, requests: expectations.length, unknown };
}

/** The platform with its card, and the tenants with their people. */
async function begin(scene: Scene, seed: number): Promise<Run> {
  const { app } = scene;
  const platform = await app.tenant({ id: PLATFORM_TENANT_ID });
  const operator = await platform.addUser(["owner", "operator"], { totp: true });
  const set = await (await app.signIn(operator)).request("PUT", "/v1/rate-card", { body: CARD });
  if (set.status !== 200) throw new Error(`The card was refused: ${set.text}`);
  const agent = await platform.addUser(["support-agent"]);
  const watchers = new Map<string, Watcher>();
  const tenants = [
    await found(scene, { name: "A", watchers }),
    await found(scene, { name: "B", watchers }),
  ] as const;
  const run: Run = {
    ...{ seed, scene, agent, watchers, tenants },
    ...{ expectations: [], ownerOfId: new Map(), named: new Set(), log: [], at: 0 },
    carelessness: undefined,
    streams: scene.streams(handOver(() => run)),
  };
  return run;
}

/**
 * Signs in whoever looks on in a tenant, and switches its alerts off: they are no part of the model, and looking for them
 * would be most of what a run costs. The one session is kept, since a policy may allow no second.
 */
async function beginToWatch(app: Scene["app"], user: TestUser): Promise<Watcher> {
  const rules = RULES.map(({ name }) => ({ rule: name, enabled: false }));
  const session = await app.signIn(user);
  const { status, text } = await session.request("PUT", "/v1/alert-rules", { body: { rules } });
  if (status !== 200) throw new Error(`The rules were refused: ${text}`);
  return { user, token: session.accessToken, refresh: session.refreshToken, freshUntilMs: 0 };
}

/** A tenant: an owner and two more with a second factor or without, and a reader. */
async function found(
  { app }: Scene,
  { name, watchers }: { readonly name: string; readonly watchers: Map<string, Watcher> },
): Promise<ModelTenant> {
  const tenant = await app.tenant();
  watchers.set(tenant.id, await beginToWatch(app, await tenant.addUser(["admin"])));
  const second = await tenant.addUser(["member"], { totp: true });
  const home: ModelTenant = {
    ...{ tenant, name, policy: DEFAULT_POLICY, people: [], resources: [], counters: new Map() },
  };
  for (const user of [tenant.owner, tenant.member, second, tenant.reader]) {
    home.people.push(newPerson(home, { id: user.userId, user, roles: user.roles }));
  }
  return home;
}
