/**
 * What the log costs: `node scripts/bench/log.ts`. Records a second through the rules and under seals in this process, and
 * what a record costs in DynamoDB on its way: to be written, taken into the journal and shown to the rules, rolled up, sealed.
 */
import type { ActivityRecord } from "../../lib/activity/activity.ts";
import { canonicalBytes, leafHash, merkleTree } from "../../lib/activity/merkle.ts";
import { sha256Bytes as sha256 } from "../../lib/aws/digest.ts";
import { defaultSettings, detectInBatch } from "../../lib/unusual/detect.ts";
import type { Window } from "../../lib/unusual/window.ts";
import { countCalls } from "./count-calls.ts";
import { type BenchProduct, startProduct } from "./product.ts";
import { quantile } from "./quantile.ts";
import { realRecords } from "./real-records.ts";

// A line of counts is no line of this.
process.env["POWERTOOLS_METRICS_DISABLED"] = "true";

const REPETITIONS = 5;
const BATCH = 100;
/** Of one seal. */
const SEALED = 10_000;

const records = realRecords();

report("records a second through the rules", measured(detectionRate));
report("records a second written canonically and hashed into the tree", measured(sealingRate));
report("records a second by plain SHA-256 of the same bytes", measured(plainRate));
report("proofs a second in a seal of 10,000", measured(proofRate));
const product = await startProduct();
try {
  await costs(product);
} finally {
  product.stop();
}

function detectionRate(): number {
  const settings = defaultSettings();
  const windows = new Map<string, Window>();
  return perSecond(records.length, () => {
    for (let from = 0; from < records.length; from += BATCH) {
      const { changed } = detectInBatch(windows, records.slice(from, from + BATCH), { settings });
      for (const [key, window] of changed) windows.set(key, window);
    }
  });
}

function sealingRate(): number {
  return perSecond(records.length, () => {
    merkleTree(
      sha256,
      records.map((record) => leafHash(sha256, record)),
    );
  });
}

function plainRate(): number {
  const bytes = records.map((record) => canonicalBytes(record));
  return perSecond(records.length, () => {
    for (const each of bytes) sha256(each);
  });
}

function proofRate(): number {
  const leaves = Array.from({ length: SEALED }, (_, index) =>
    sha256(new TextEncoder().encode(String(index))),
  );
  const proofs = 20;
  return perSecond(proofs, () => {
    for (let index = 0; index < proofs; index++) merkleTree(sha256, leaves).pathOf(index * 499);
  });
}

async function costs({ client }: BenchProduct): Promise<void> {
  const [{ activityTable }, { newId }, { handler: detect }, { handler: rollUp }, { handler: seal }] =
    await Promise.all([
      import("../../lib/aws/activity-table.ts"),
      import("../../lib/aws/ids.ts"),
      import("../../functions/events/detect-unusual.ts"),
      import("../../functions/events/roll-up-metrics.ts"),
      import("../../functions/events/seal-activity.ts"),
    ]);
  const calls = countCalls(client);
  const log = activityTable(client);
  const ownRecords = Array.from({ length: BATCH }, (_, index) => ownRecord(newId("act"), index));
  const latenciesMs: number[] = [];
  for (const record of ownRecords) {
    const startedAt = performance.now();
    await log.append(record, 400);
    latenciesMs.push(performance.now() - startedAt);
  }
  say("a record written by itself", calls.take(), BATCH);
  console.log(`  latency p50 ${quantile(latenciesMs, 0.5)} ms, p95 ${quantile(latenciesMs, 0.95)} ms`);
  const [first, ...rest] = ownRecords;
  await detect(delivery(first === undefined ? [] : [first]));
  say("journal and rules, a record alone", calls.take(), 1);
  const startedAt = performance.now();
  await detect(delivery(rest));
  say(`journal and rules, ${rest.length} records together`, calls.take(), rest.length);
  console.log(`  ${Math.round((rest.length * 1000) / (performance.now() - startedAt))} records a second`);
  await rollUp({});
  say("metrics", calls.take(), BATCH);
  await seal({});
  say("seal", calls.take(), BATCH);
}

function ownRecord(id: string, index: number): ActivityRecord {
  const nowMs = Date.now();
  return {
    ...{ id, tenantId: "ten_bench", timeMs: nowMs, receivedAtMs: nowMs, sessionId: "ses_bench" },
    actor: { type: "user", id: "usr_bench", name: "ada@example.com" },
    action: index % 2 === 0 ? "vm:start" : "vm:stop",
    resource: { type: "vm", id: `res_${index % 10}` },
    ...{ outcome: "success", durationMs: 12, ip: "203.0.113.7", requestId: `req_${index}`, source: "api" },
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  };
}

function delivery(some: readonly ActivityRecord[]) {
  return {
    Records: some.map((record, index) => ({
      eventID: String(index),
      eventName: "INSERT" as const,
      dynamodb: { SequenceNumber: String(index), NewImage: { record: { S: JSON.stringify(record) } } },
    })),
  };
}

function perSecond(count: number, work: () => void): number {
  const startedAt = performance.now();
  work();
  return (count * 1000) / (performance.now() - startedAt);
}

/** The median of some repetitions, after one that warms up. */
function measured(measure: () => number): number {
  measure();
  return quantile(Array.from({ length: REPETITIONS }, measure), 0.5);
}

function report(what: string, rate: number): void {
  console.log(`${what}: ${Math.round(rate).toLocaleString("en")}`);
}

function say(
  what: string,
  { readUnits, writeUnits, calls }: { readUnits: number; writeUnits: number; calls: number },
  count: number,
): void {
  const each = (units: number): string => (units / count).toFixed(2);
  console.log(
    `${what}: ${each(writeUnits)} write units, ${each(readUnits)} read units, ${each(calls)} calls a record`,
  );
}
