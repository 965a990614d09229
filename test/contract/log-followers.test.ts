import { randomUUID } from "node:crypto";
import type { ActivityRecord } from "../../lib/activity/activity.ts";
import type { Arrival } from "../../lib/activity/journal.ts";
import { journalRecords } from "../../lib/activity/journal-records.ts";
import { readMetrics } from "../../lib/activity/read-metrics.ts";
import { rollUpMetrics } from "../../lib/activity/roll-up-metrics.ts";
import { documentHash } from "../../lib/activity/seal.ts";
import { sealActivity } from "../../lib/activity/seal-activity.ts";
import type { StoredSeal } from "../../lib/activity/seal-store.ts";
import { createTables, localClient } from "../support/dynamodb-local.ts";
import { seededRandom } from "../support/seeded-random.ts";

// What follows from the log counts each record once, though deliveries come again, late, out of step and at once, and
// each run is killed at any of its calls.
const tables = await createTables(`t-${randomUUID()}`);
process.env["ACTIVITY_TABLE"] = tables.activity;
process.env["DERIVED_TABLE"] = tables.derived;
const { journalTable } = await import("../../lib/aws/journal-table.ts");
const { sealTable } = await import("../../lib/aws/seal-table.ts");
const { activityMetricsTable } = await import("../../lib/aws/activity-metrics-table.ts");
const { sha256Bytes: sha256 } = await import("../../lib/aws/digest.ts");
const { newId } = await import("../../lib/aws/ids.ts");
const client = localClient();
afterAll(() => client.destroy());

const AT = Date.UTC(2026, 2, 2, 9);
const HOUR_MS = 3_600_000;
const journal = journalTable(client);
const seals = sealTable(client);
const metrics = activityMetricsTable(client);

/** Numbers from 0 to 1, the same for the same seed. */
function chances(seed: number): () => number {
  const random = seededRandom(seed);
  return () => random(2 ** 32) / 2 ** 32;
}

class Killed extends Error {}

/** The same port, which at some calls does nothing and throws, and at others does all and throws. */
function killable<Port extends object>(port: Port, chance: () => number): Port {
  return new Proxy(port, {
    get: (target, name, receiver) => {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        const fate = chance();
        if (fate < 0.15) throw new Killed();
        const result: unknown = member.apply(target, args);
        if (!(result instanceof Promise)) return result;
        return result.then((value: unknown) => {
          if (fate < 0.3) throw new Killed();
          return value;
        });
      };
    },
  });
}

async function unlessKilled(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    const isExpected = thrown instanceof Killed || (thrown instanceof Error && thrown.name === "AppError");
    if (!isExpected) throw thrown;
  }
}

function arrivalsOf(tenantId: string, count: number, chance: () => number): readonly Arrival[] {
  return Array.from({ length: count }, (_, index) => {
    const receivedAtMs = AT + index * 10 - Math.floor(chance() * 200);
    // Some are of long ago.
    const timeMs = chance() < 0.1 ? receivedAtMs - 40 * 24 * HOUR_MS : receivedAtMs;
    const record: ActivityRecord = {
      ...{ id: newId("act", timeMs), tenantId, timeMs, receivedAtMs, action: "vm:start", outcome: "success" },
      ...{ durationMs: index, ip: "", userAgent: "", requestId: "req_1", source: "api" },
      actor: { type: "user", id: `usr_${index % 3}`, name: "" },
    };
    return { record, keptUntilMs: AT + 400 * 24 * HOUR_MS };
  });
}

async function history(seed: number) {
  const chance = chances(seed);
  const tenantId = `ten_${randomUUID()}`;
  const arrivals = arrivalsOf(tenantId, 120, chance);
  const deps = (isKilled: boolean) => {
    const flaky = <Port extends object>(port: Port): Port => (isKilled ? killable(port, chance) : port);
    return {
      journal: flaky(journal),
      positions: flaky(journal),
      backlog: flaky(journal),
      metrics: flaky(metrics),
      seals: flaky(seals),
      ...{ sha256, show: (record: ActivityRecord) => record, newId },
      signer: async () => ({ kid: "k", jwk: {}, sign: () => new Uint8Array(64) }),
    };
  };
  const bring = async (from: number, to: number) =>
    await unlessKilled(() => journalRecords(deps(true), tenantId, arrivals.slice(from, to)));
  const follow = [
    () => rollUpMetrics(deps(true), tenantId),
    () => sealActivity(deps(true), { tenantId, number: 1 }),
  ];
  for (let from = 0; from < arrivals.length; from += 10) {
    const again = Math.floor(chance() * (from + 1));
    await Promise.all([
      bring(from, from + 10),
      bring(from, from + 15),
      bring(again, again + 20),
      ...follow.flatMap((run) => [unlessKilled(run), unlessKilled(run)]),
    ]);
  }
  // What failed comes again until it is done.
  await journalRecords(deps(false), tenantId, arrivals);
  await rollUpMetrics(deps(false), tenantId);
  await sealActivity(deps(false), { tenantId, number: 1 });
  return { tenantId, arrivals };
}

describe.each([1, 2, 3, 4, 5, 6])("history %i", (seed) => {
  let made: Awaited<ReturnType<typeof history>>;
  beforeAll(async () => {
    made = await history(seed);
  });

  test("is in the journal once, without a gap", async () => {
    const numbers: number[] = [];
    const ids: string[] = [];
    for await (const entry of journal.after(made.tenantId, 0)) {
      numbers.push(entry.number);
      ids.push(...entry.lines.map(({ recordId }) => recordId));
    }
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(ids.toSorted()).toEqual(made.arrivals.map(({ record }) => record.id).toSorted());
  });

  test("is under one chain of seals, each record once, where its receipt says", async () => {
    const all: StoredSeal[] = [];
    for await (const stored of seals.from(made.tenantId, 0)) all.push(stored);
    const sealed = await Promise.all(all.map((stored) => seals.leavesOf(stored)));
    expect(
      sealed
        .flat()
        .map(([id]) => id)
        .toSorted(),
    ).toEqual(made.arrivals.map(({ record }) => record.id).toSorted());
    for (const [place, { seal, fromMs }] of all.entries()) {
      const before = all[place - 1];
      expect(seal.previousSealHash).toBe(before === undefined ? null : documentHash(sha256, before.seal));
      if (before !== undefined) expect(fromMs).toBe(before.toMs);
    }
    for (const { record } of made.arrivals.filter((_, index) => index % 20 === 0)) {
      const found: boolean[] = [];
      for await (const stored of seals.from(made.tenantId, record.receivedAtMs)) {
        found.push((await seals.leavesOf(stored)).some(([id]) => id === record.id));
      }
      expect(found.filter(Boolean)).toEqual([true]);
    }
  });

  test("is in the metrics once", async () => {
    const deps = { journal, positions: journal, metrics, now: () => AT + HOUR_MS };
    const activity = { find: async () => ({ records: [] }) };
    const groups = await readMetrics(
      { ...deps, activity },
      { tenantId: made.tenantId, dimension: "user", fromMs: AT - 60 * 24 * HOUR_MS, toMs: AT + HOUR_MS },
    );
    expect(groups.map(({ key, count }) => [key, count])).toEqual([
      ["usr_0", 40],
      ["usr_1", 40],
      ["usr_2", 40],
    ]);
  });
});
