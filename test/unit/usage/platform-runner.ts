import type { Trail } from "../../../lib/activity/trail.ts";
import type { MeterDefinitions } from "../../../lib/usage/meter-catalog.ts";
import { readUsage } from "../../../lib/usage/read-usage.ts";
import { recordUsage } from "../../../lib/usage/record-usage.ts";
import { rollUpUsage } from "../../../lib/usage/roll-up-usage.ts";
import type { UsageRow } from "../../../lib/usage/usage.ts";
import { voidUsage } from "../../../lib/usage/void-usage.ts";
import type { FakeUsage } from "../../support/fake-usage.ts";
import { METERS } from "./builders.ts";
import type { Usage } from "./minute-model.ts";
import { BEGIN, type Platform, SOURCE } from "./platform-simulator.ts";

export const TENANT = "ten_1";

/** The meters of a simulated platform. */
const DEFINITIONS: MeterDefinitions = new Map(
  [...METERS].map(([meter, aggregation]) => [meter, { aggregation, unit: meter }]),
);

/** Plays a platform into stores, up to any moment. */
export interface Player {
  /** Brings in everything that comes before `atMs`, and leaves the clock there. */
  playUntil(atMs: number): Promise<void>;
  /** The ids of the events that were taken and not taken back. */
  counted(): ReadonlySet<string>;
}

/** Plays a platform. `clock.now` goes on with it; what is sent at one minute is sent in one batch. */
export function player(usage: FakeUsage, platform: Platform, clock: { nowMs: number }): Player {
  const deps = {
    ...usage,
    catalog: { definitions: async () => DEFINITIONS },
    meteredResources: {
      find: async (_tenantId: string, ids: readonly string[]) => new Map(ids.map((id) => [id, {}])),
    },
    now: () => clock.nowMs,
  };
  usage.attach(TENANT, platform.attachments);
  for (const session of platform.sessions) usage.sessions.set(session.sessionId, session);
  const counted = new Set<string>();
  const [deliveries, voids] = [[...platform.deliveries], [...platform.voids]];
  const send = async (batch: Platform["deliveries"]) => {
    const outcomes = await recordUsage(deps, {
      ...{ tenantId: TENANT, requestId: `${clock.nowMs}`, activityId: `act_${clock.nowMs}` },
      events: batch.map(({ event }, index) => ({ index, event })),
    });
    for (const { index, is } of outcomes) {
      const id = batch[index]?.event.id;
      if (is === "accepted" && id !== undefined) counted.add(id);
    }
  };
  const takeBack = async (id: string) => {
    await voidUsage(deps, {
      tenantId: TENANT,
      source: SOURCE,
      ids: [id],
      reason: "simulated",
      trail: NO_TRAIL,
    });
    counted.delete(id);
  };
  return {
    counted: () => counted,
    playUntil: async (untilMs) => {
      const nextMs = () => Math.min(deliveries[0]?.atMs ?? untilMs, voids[0]?.atMs ?? untilMs);
      for (let atMs = nextMs(); atMs < untilMs; atMs = nextMs()) {
        clock.nowMs = atMs;
        await send(takeWhile(deliveries, (delivery) => delivery.atMs === atMs));
        for (const { id } of takeWhile(voids, (one) => one.atMs === atMs)) await takeBack(id);
      }
      clock.nowMs = untilMs;
    },
  };
}

/** Rows as the model writes them. */
export function usageOf(rows: readonly UsageRow[]): Usage {
  const used: Record<string, bigint> = {};
  for (const { meter, resourceId, holder, bucketStartAtMs, whole } of rows) {
    const hour = Math.floor((bucketStartAtMs - BEGIN) / 3_600_000);
    const key = `${meter} ${resourceId} ${holder?.sessionId ?? "nobody"} ${hour}`;
    if (key in used) throw new Error(`There are two rows of ${key}.`);
    used[key] = whole;
  }
  return used;
}

/** Rolls up what is due, and gives what went wrong. */
export async function rollUpNow(
  usage: FakeUsage,
  clock: { readonly nowMs: number },
): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  await rollUpUsage({
    ...usage,
    catalog: { definitions: async () => DEFINITIONS },
    now: () => clock.nowMs,
    onError: (_series, cause) => failures.push(cause),
  });
  return failures;
}

/** The usage of a period as it is read at this moment. */
export async function readNow(
  usage: FakeUsage,
  clock: { readonly nowMs: number },
  period = { startAtMs: BEGIN, endAtMs: clock.nowMs },
): Promise<Usage> {
  const deps = { ...usage, now: () => clock.nowMs };
  return usageOf(await readUsage(deps, { tenantId: TENANT, period, meters: METERS, bucket: "hour" }));
}

function takeWhile<Item>(items: Item[], isTaken: (item: Item) => boolean): Item[] {
  const end = items.findIndex((item) => !isTaken(item));
  return items.splice(0, end < 0 ? items.length : end);
}

/** The trail of a request that nobody keeps. */
export const NO_TRAIL: Trail = {
  about: () => undefined,
  action: () => undefined,
  by: () => undefined,
  changed: () => undefined,
  note: () => undefined,
  record: () => ({ id: "act_void" }) as ReturnType<Trail["record"]>,
  also: () => ({ id: "act_void" }) as ReturnType<Trail["also"]>,
  retentionDays: () => 0,
  committed: () => undefined,
};
