import type { ActivityRecord } from "../../lib/activity/activity.ts";
import { ENDED_AT_ONCE } from "../../lib/session/end-due-sessions.ts";
import { SERIES_AT_ONCE } from "../../lib/usage/roll-up-usage.ts";
import { people } from "../bench/calls/people.ts";
import { countCalls } from "../bench/count-calls.ts";
import { type BenchAnswer, type BenchProduct, PASSWORD, startProduct } from "../bench/product.ts";
import { recordUnits, type SpentUnits, tableName } from "../bench/record-units.ts";
import type { Counted, Counts, FollowerCost, ScheduleCost } from "./action.ts";

const MINUTE_MS = 60_000;
const BATCH = 100;

/** The product under count: a step is one action, and says what it took. */
interface Bench {
  readonly product: BenchProduct;
  readonly step: (name: string, work: () => Promise<unknown>) => Promise<Step>;
  /** Moves the clock of this process on. */
  readonly advance: (ms: number) => void;
}

interface Step {
  readonly name: string;
  readonly tripsInARow: number;
  readonly calls: number;
  readonly spent: readonly SpentUnits[];
  readonly refused: number;
}

/** Counts each action once, on DynamoDB Local, with the product's own handlers. Nothing of `lib/aws` may be there before. */
export async function countActions(): Promise<Counts> {
  // A busy machine may take its time: what is asked again is not counted.
  Object.assign(process.env, { POWERTOOLS_METRICS_DISABLED: "true", DYNAMODB_ANSWER_WITHIN_MS: "30000" });
  const product = await startProduct();
  const realNow = Date.now;
  let ahead = 0;
  Date.now = () => realNow() + ahead;
  try {
    const advance = (ms: number) => {
      ahead += ms;
    };
    const bench = { product, step: await stepper(product), advance };
    const idle = await runs(bench);
    const { steps, counted, records } = await signedIn(bench);
    // Only now: what this imports reads the environment.
    const { actionOf } = await import("./read-spends.ts");
    const doubtful = steps.find(({ refused }) => refused > 0);
    if (doubtful !== undefined)
      throw new Error(`${doubtful.name} waited too long for an answer: run it again.`);
    const actions = steps.map((step) => actionOf(step, counted));
    return {
      actions,
      follower: await follower(bench, records),
      schedules: await schedules(bench, idle),
      passwordMs: await passwordMs(),
    };
  } finally {
    Date.now = realNow;
    product.stop();
  }
}

async function stepper(product: BenchProduct): Promise<Bench["step"]> {
  const calls = countCalls(product.client);
  const units = recordUnits(product.client);
  return async (name, work) => {
    calls.take();
    units.take();
    await work();
    const { tripsInARow, calls: count } = calls.take();
    return { name, tripsInARow, calls: count, ...units.take() };
  };
}

interface SignedIn {
  readonly steps: readonly Step[];
  readonly counted: Counted;
  readonly records: readonly ActivityRecord[];
}

/** A person's way: signed in, at work, metered, signed out. */
async function signedIn(bench: Bench): Promise<SignedIn> {
  const { product, step, advance } = bench;
  const { login, secondFactor, current, refresh, logout } = people(product);
  const email = await product.addTenant({}, { totp: true });
  // The first call of each kind reads what a process keeps: keys, roles.
  const before = await login(email);
  await current((await secondFactor(before.body.challengeToken)).body.accessToken);
  // A code is good once.
  advance(MINUTE_MS);
  let answer: BenchAnswer = before;
  const ask = async (work: Promise<BenchAnswer>) => {
    answer = await work;
    if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  };
  const password = await step("password step", () => ask(login(email)));
  const factor = await step("second factor", () => ask(secondFactor(answer.body.challengeToken)));
  const tokens = answer.body;
  const token: string = tokens.accessToken;
  await current(token);
  const read = await step("read on record", () => ask(current(token)));
  const list = await step("list on record", () => ask(listResources(product, token)));
  const change = await step("state written", () => ask(writeState(product, token)));
  const metered = await usage(bench, token);
  const decide = await step("decision on record", () => ask(decision(product, token, metered.resourceId)));
  // Beyond the grace of last-seen, within the life of the token.
  advance(2 * MINUTE_MS);
  const touching = await step("last seen", () => ask(current(token)));
  // Later than it was last seen, so that its end moves, too.
  advance(MINUTE_MS);
  const next = await step("refresh", () => ask(refresh(tokens.refreshToken)));
  const out = await step("sign-out", () => ask(logout(answer.body.accessToken)));
  const touch = touchOf(touching);
  const steps = [password, factor, read, list, decide, change, ...metered.steps, touch, next, out];
  const { recordsOf, sessionIn } = await import("./read-spends.ts");
  const counted = { session: sessionIn(factor.spent), email, resourceId: metered.resourceId };
  const records = recordsOf([factor, read, change, next].flatMap(({ spent }) => spent));
  return { steps, counted, records };
}

/** A request that also writes when its session was last seen, less all else: the touch alone. */
function touchOf(step: Step): Step {
  const isTouch = ({ table, writeUnits }: SpentUnits) => table === tableName("sessions") && writeUnits > 0;
  return { ...step, spent: step.spent.filter(isTouch) };
}

/** What the first batch of a while writes, and later ones do not: that hours of its series are changing. */
function announcementOf(step: Step): Step {
  const isAnnouncement = ({ index, sort, writeUnits }: SpentUnits) =>
    index === undefined && sort !== "event" && writeUnits > 0;
  const spent = step.spent.filter((one) => one.table === tableName("billing") && isAnnouncement(one));
  return { ...step, name: "3 series announced", spent };
}

async function usage({ product, step }: Bench, token: string) {
  let resourceId = "";
  const made = await step("machine made", async () => {
    const spec = { vcpus: 2, memoryGiB: 4, image: "debian-13" };
    const { status, body } = await product.call("functions/resources/index", "POST /v1/resources", {
      ...{ method: "POST", path: "/v1/resources", token, body: { type: "vm", name: "counted", spec } },
    });
    if (status !== 202) throw new Error(`${status}: ${JSON.stringify(body)}`);
    resourceId = body.id;
  });
  const ingest = async (batch: number) => {
    const body = Array.from({ length: BATCH }, (_, place) =>
      usageEvent(resourceId, `${batch}-${place}`, place),
    );
    const answer = await product.call("functions/usage/ingest", "POST /v1/usage", {
      ...{ method: "POST", path: "/v1/usage", token, body },
      contentType: "application/cloudevents-batch+json",
    });
    if (answer.body.accepted !== BATCH) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  };
  const first = await step("usage batch of 100", () => ingest(0));
  const next = await step("usage batch of 100", () => ingest(1));
  return { steps: [made, announcementOf(first), next], resourceId };
}

function usageEvent(resourceId: string, id: string, place: number) {
  const types = ["usage.cpu", "usage.memory", "usage.storage"];
  return {
    ...{ specversion: "1.0", id: `event-${id}`, source: "/scale/agent", type: types[place % 3] },
    ...{
      subject: resourceId,
      time: new Date(Date.now()).toISOString(),
      data: { value: String(1 + (place % 7)) },
    },
  };
}

function listResources(product: BenchProduct, token: string): Promise<BenchAnswer> {
  return product.call("functions/resources/index", "GET /v1/resources", {
    ...{ method: "GET", path: "/v1/resources", token },
  });
}

function decision(product: BenchProduct, token: string, id: string): Promise<BenchAnswer> {
  const body = { action: { name: "vm:snapshot" }, resource: { type: "vm", id } };
  return product.call("functions/access/index", "POST /access/v1/evaluation", {
    ...{ method: "POST", path: "/access/v1/evaluation", token, body },
  });
}

function writeState(product: BenchProduct, token: string): Promise<BenchAnswer> {
  return product.call("functions/sessions/index", "ANY /v1/sessions/{sessionId}/state/{key}", {
    ...{ method: "PUT", path: "/v1/sessions/current/state/place", token, body: { page: 3 } },
    pathParameters: { sessionId: "current", key: "place" },
  });
}

/* ---- what follows ---- */

interface Module {
  readonly handler: (event: object) => Promise<unknown>;
}

/** Entries of the journal of one record and of many, and how much of what the rules look into they write again. */
async function follower({ step }: Bench, records: readonly ActivityRecord[]): Promise<FollowerCost> {
  const { handler } = (await import("../../functions/events/detect-unusual.ts")) as Module;
  const { defaultSettings, windowKeys } = await import("../../lib/unusual/detect.ts");
  const many = 50;
  await handler(delivery(records, many, "warm"));
  const alone = await step("alone", () => handler(delivery(records, 1, "alone")));
  const together = await step("together", () => handler(delivery(records, many, "together")));
  const writesOf = ({ spent }: Step, isIt: (key: string, sort: string) => boolean) =>
    spent.filter(({ key, sort = "", writeUnits }) => writeUnits > 0 && isIt(key, sort));
  const entryOf = (one: Step) => writesOf(one, (_, sort) => sort.startsWith("entry#"))[0]?.writeUnits ?? 0;
  const windows = writesOf(together, (key) => key.includes("#window#"));
  const settings = defaultSettings();
  const lookedInto = new Set(records.flatMap((record) => windowKeys(record, { settings })));
  const recordUnits = (entryOf(together) - entryOf(alone)) / (many - 1);
  return {
    tripsInARow: together.tripsInARow,
    entryUnits: entryOf(alone) - recordUnits,
    recordUnits,
    windowUnits: windows.reduce((sum, { writeUnits }) => sum + writeUnits, 0) / lookedInto.size,
  };
}

function delivery(records: readonly ActivityRecord[], count: number, name: string) {
  const some = Array.from({ length: count }, (_, place) => {
    const template = records[place % records.length];
    return { ...template, id: `act_${name}${String(place).padStart(22, "0")}`, receivedAtMs: Date.now() };
  });
  return {
    Records: some.map((record, place) => ({
      eventID: String(place),
      eventName: "INSERT",
      dynamodb: { SequenceNumber: String(place), NewImage: { record: { S: JSON.stringify(record) } } },
    })),
  };
}

const SCHEDULES = {
  rollUpMetrics: "functions/events/roll-up-metrics",
  sealActivity: "functions/events/seal-activity",
  rollUpUsage: "functions/events/roll-up-usage",
  sweepExpiredSessions: "functions/events/sweep-expired-sessions",
} as const;

type ScheduleName = keyof typeof SCHEDULES;
type Runs = Readonly<Partial<Record<ScheduleName, Step>>>;

/** A run of each schedule. */
async function runs({ step }: Bench): Promise<Runs> {
  const made: Partial<Record<ScheduleName, Step>> = {};
  for (const name of Object.keys(SCHEDULES) as ScheduleName[]) {
    const { handler } = (await import(`../../${SCHEDULES[name]}.ts`)) as Module;
    made[name] = await step(name, () => handler({}));
  }
  return made;
}

/** What the runs of schedules have to do for each thing: runs with something to do, less those that had nothing. */
async function schedules(bench: Bench, idle: Runs): Promise<readonly ScheduleCost[]> {
  const { login } = people(bench.product);
  const sessions = 4;
  for (let count = 0; count < sessions; count++) await login(await bench.product.addTenant());
  bench.advance(13 * 60 * MINUTE_MS);
  const busy = await runs(bench);
  const more = (name: ScheduleName, what: "calls" | "tripsInARow") =>
    (busy[name]?.[what] ?? 0) - (idle[name]?.[what] ?? 0);
  const ofTenant = { thing: "tenant with something new", atOnce: 1 };
  return [
    {
      ...{ name: "rollUpMetrics", everySeconds: 60, ...ofTenant },
      tripsPerThing: more("rollUpMetrics", "tripsInARow"),
    },
    {
      ...{ name: "sealActivity", everySeconds: 3600, ...ofTenant },
      tripsPerThing: more("sealActivity", "tripsInARow"),
    },
    {
      // The calls for one series wait for each other; several series are worked at together.
      ...{ name: "rollUpUsage", everySeconds: 3600, thing: "series that is open", atOnce: SERIES_AT_ONCE },
      tripsPerThing: more("rollUpUsage", "calls") / 3,
    },
    {
      // As with series: those of a page are ended together.
      ...{ name: "sweepExpiredSessions", everySeconds: 60, thing: "session that is over" },
      ...{ atOnce: ENDED_AT_ONCE, tripsPerThing: more("sweepExpiredSessions", "calls") / sessions },
    },
  ];
}

async function passwordMs(): Promise<number> {
  const { passwordHasher } = await import("../../lib/aws/password-hasher.ts");
  const hasher = passwordHasher();
  const hash = await hasher.hash(PASSWORD);
  const tookMs: number[] = [];
  for (let count = 0; count < 7; count++) {
    const startedAt = performance.now();
    await hasher.verify(PASSWORD, hash);
    tookMs.push(performance.now() - startedAt);
  }
  // The least: what else the machine does is not the product's.
  return Math.min(...tookMs);
}
