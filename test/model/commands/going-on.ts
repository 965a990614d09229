import { lambdaRecord } from "../../../scripts/local/streams.ts";
import type { HandOver } from "../../support/stream-delivery.ts";
import type { Chance } from "../chance.ts";
import { CALM, drawFaults, drawKill, type FaultPlan } from "../fault-plan.ts";
import { demand, type Run, type Step, say, wait } from "../run.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Lets time go by: a moment, minutes, hours, over an idle or an absolute end, over the end of a month. */
export async function jump({ run, chance }: Step): Promise<void> {
  const ms = chance.weighted([
    [5, 1 + chance.below(999)],
    [6, (1 + chance.below(90)) * 1000],
    [8, (2 + chance.below(20)) * MINUTE_MS],
    [3, (30 + chance.below(120)) * MINUTE_MS],
    [1, (4 + chance.below(12)) * HOUR_MS],
    [1, 40 * HOUR_MS],
  ]);
  say({ run }, `${ms} ms go by`);
  wait(run, ms);
}

/** Schedules that nothing else stands in for. Live feeds, which wait by the machine's clock, are left out. */
const SCHEDULES = [
  "sweepExpiredSessions",
  "rollUpUsage",
  "sealActivity",
  "reconcileResources",
  "rollUpMetrics",
  "closeMonth",
  "checkBudgets",
] as const;

/** Runs a schedule: once, twice in a row, twice at once, or so that it is killed half way and tried again. */
export async function schedule(step: Step): Promise<void> {
  const { run, chance } = step;
  const name = chance.one(SCHEDULES);
  const how = chance.one(["once", "once", "twice", "at once", "killed", "killed"] as const);
  say(step, `${name} runs ${how}`);
  switch (how) {
    case "once":
      return await invoke(run, name);
    case "twice":
      await invoke(run, name);
      return await invoke(run, name);
    case "at once":
      await Promise.all([invoke(run, name), invoke(run, name)]);
      return;
    case "killed": {
      const plan = drawKill(chance);
      say(step, `  ${plan.name}`);
      await suffering(run, plan, async () => await invoke(run, name)).catch(() => undefined);
      // As Lambda does; the lease of the killed run may keep this one off.
      await invoke(run, name);
    }
  }
}

async function invoke({ scene }: Run, name: string): Promise<void> {
  await scene.app.invoke(name, {});
}

async function suffering<T>({ scene }: Run, plan: FaultPlan, work: () => Promise<T>): Promise<T> {
  scene.suffer(plan.next);
  try {
    return await work();
  } finally {
    scene.suffer(CALM.next);
  }
}

/** Delivers the streams as they may come: in parts, some of them twice, one consumer before another, some failing. */
export async function deliver({ run, chance }: Step): Promise<void> {
  say({ run }, "the streams are delivered");
  run.carelessness = chance;
  await run.streams.deliver();
}

/** Delivers the streams, and nothing goes wrong. */
export async function deliverCalmly(run: Run): Promise<void> {
  run.carelessness = undefined;
  await run.streams.deliver();
}

/** How often a batch that failed comes again before the run gives up on it. */
const RETRIES = 4;

/** Who follows the streams and does something that the model knows of: letters, live feeds and webhooks are left out. */
const CONSUMERS = new Set(["detectUnusual", "provisionResources", "endExpiredSessions", "doBillingChores"]);

/** Hands records over as the run's present carelessness has it. */
export function handOver(run: () => Run): HandOver {
  return async (consumers, records) => {
    const present = run();
    const { carelessness: chance } = present;
    const events = records.map(lambdaRecord);
    const modelled = consumers.filter(({ functionKey }) => CONSUMERS.has(functionKey));
    for (const { functionKey } of shuffled(modelled, chance)) {
      for (const batch of batchesOf(events, chance)) await deliverBatch(present, { functionKey, batch });
    }
  };
}

interface Delivery {
  readonly functionKey: string;
  readonly batch: readonly object[];
}

async function deliverBatch(run: Run, delivery: Delivery): Promise<void> {
  const { carelessness: chance } = run;
  const how =
    chance?.weighted([
      [7, "once"],
      [1, "twice"],
      [1, "at once"],
      [2, "failing"],
    ] as const) ?? "once";
  if (how === "failing" && chance !== undefined) {
    const plan = chance.oneIn(2) ? drawKill(chance) : drawFaults(chance);
    await suffering(run, plan, async () => await offer(run, delivery)).catch(() => undefined);
  }
  if (how === "at once") await Promise.all([offer(run, delivery), offer(run, delivery)]);
  await untilTaken(run, delivery);
  if (how === "twice") await untilTaken(run, delivery);
}

/** Again and again, as the event source does: what fails with nothing wrong is a defect. */
async function untilTaken(run: Run, delivery: Delivery): Promise<void> {
  let failed = 0;
  for (let attempt = 0; attempt < RETRIES; attempt++) {
    failed = await offer(run, delivery);
    if (failed === 0) return;
  }
  demand(false, () => `${delivery.functionKey} does not take ${failed} of ${delivery.batch.length} records.`);
}

async function offer({ scene }: Run, { functionKey, batch }: Delivery): Promise<number> {
  const answer = (await scene.app.invoke(functionKey, { Records: batch })) as {
    readonly batchItemFailures?: readonly unknown[];
  } | null;
  return answer?.batchItemFailures?.length ?? 0;
}

function shuffled<T>(list: readonly T[], chance: Chance | undefined): readonly T[] {
  if (chance === undefined) return list;
  return list
    .map((item) => [chance.below(1000), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

function batchesOf<T>(list: readonly T[], chance: Chance | undefined): readonly (readonly T[])[] {
  const size = chance === undefined ? 100 : 20 + chance.below(80);
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  );
}
