import type { ActivityRecord } from "../../lib/activity/activity.ts";
import { factsOf } from "../../lib/activity/journal-records.ts";
import { cellsOf } from "../../lib/activity/metrics.ts";
import { LINES_MAX } from "../../lib/activity/roll-up-metrics.ts";
import { activityPartition } from "../../lib/aws/activity-item.ts";
import { cellKey } from "../../lib/aws/activity-metrics-table.ts";
import { text } from "../../lib/aws/item.ts";
import { windowKey } from "../../lib/aws/window-table.ts";
import { defaultSettings, windowKeys } from "../../lib/unusual/detect.ts";
import { randomNumbers } from "../random-numbers.ts";
import type { Action, Counts } from "./action.ts";
import { COLLECTIONS, type Collection, type Subject } from "./collections.ts";
import { type CollectionHeat, heat, PARTITION } from "./heat.ts";
import { type Load, ratesOf, recordsPerSecond } from "./load.ts";
import { type Population, population } from "./population.ts";

/** Records that one delivery of the activity stream brings (functions/functions.yml). */
const BATCH = 100;

/** What following the log asks for, with the log spread over as many partitions as it needs. */
export interface Followed {
  readonly collections: readonly CollectionHeat[];
  readonly recordsPerSecond: number;
  /** Partitions that the log needs for what is written to it, and so shards that its stream has. */
  readonly shards: number;
  readonly entriesPerSecond: number;
  /** Those of the largest tenant, which are written one after the other. */
  readonly hotEntriesPerSecond: number;
  readonly hotRecordsPerEntry: number;
  /** Cells of metrics that are written for a record of the largest tenant. */
  readonly cellsPerRecord: number;
}

interface Following {
  readonly load: Load;
  /** Records that are drawn. */
  readonly draws: number;
}

/** Draws the records of some time as they come, hands them out by shard and batch, and spreads what follows from them. */
export function follow(counts: Counts, { load, draws }: Following): Followed {
  const rate = recordsPerSecond(load, (name) => actionOf(counts, name).records.length);
  const people = population(load);
  const records = drawn(counts, { people, load, draws });
  const shards = Math.max(1, Math.ceil(logUnits(counts, load) / PARTITION.writeUnits));
  const spread = heat();
  const whole = [...batches(records, { load, shards })];
  // What waits for the rest of its batch is not delivered yet.
  const seconds = (whole.length * BATCH) / rate;
  let [entries, hotEntries, hotRecords] = [0, 0, 0];
  for (const batch of whole) {
    for (const [tenantId, some] of Map.groupBy(batch, (record) => record.tenantId)) {
      entries += 1;
      if (tenantId === people.tenantId(0)) {
        hotEntries += 1;
        hotRecords += some.length;
      }
      for (const { collection, key, writeUnits } of entryWrites(counts, tenantId, some)) {
        spread.add(collection, key, { readUnits: 0, writeUnits: writeUnits / seconds });
      }
    }
  }
  const ofHot = records.filter(({ tenantId }) => tenantId === people.tenantId(0)).slice(0, LINES_MAX);
  const cells = cellWrites(ofHot);
  const hotRate = (rate * records.filter(({ tenantId }) => tenantId === people.tenantId(0)).length) / draws;
  for (const key of cells) {
    spread.add(METRICS, key, { readUnits: 0, writeUnits: hotRate / ofHot.length });
  }
  return {
    collections: spread.collections(),
    ...{ recordsPerSecond: rate, shards, entriesPerSecond: entries / seconds },
    ...{ hotEntriesPerSecond: hotEntries / seconds, hotRecordsPerEntry: hotRecords / hotEntries },
    cellsPerRecord: cells.length / ofHot.length,
  };
}

const METRICS: Collection = derived("the largest tenant's metrics, by what is counted", "end");
const WINDOWS: Collection = derived("what a rule remembers of somebody", "row");

function derived(name: string, spread: Collection["spread"]): Collection {
  return { name, table: "derived", spread, keyOf: () => undefined };
}

function actionOf({ actions }: Counts, name: string): Action {
  const action = actions.find((one) => one.name === name);
  if (action === undefined) throw new Error(`${name} was not counted.`);
  return action;
}

/** Write units a second of the log's own rows. */
function logUnits(counts: Counts, load: Load): number {
  return [...ratesOf(load)].reduce((sum, [name, rate]) => {
    const own = actionOf(counts, name).spends.filter(
      ({ collection }) => collection.table === "activity" && collection.index === undefined,
    );
    return sum + rate * own.reduce((units, { writeUnits }) => units + writeUnits, 0);
  }, 0);
}

/** Records in the order in which they come: of all actions by their rates. */
function drawn(
  counts: Counts,
  { people, load, draws }: { readonly people: Population; readonly load: Load; readonly draws: number },
): readonly ActivityRecord[] {
  const rates = [...ratesOf(load)].filter(([name]) => actionOf(counts, name).records.length > 0);
  const total = rates.reduce((sum, [, rate]) => sum + rate, 0);
  const random = randomNumbers(load.seed + 1);
  const records: ActivityRecord[] = [];
  while (records.length < draws) {
    let left = random() * total;
    const [name = ""] =
      rates.find(([, rate]) => {
        left -= rate;
        return left < 0;
      }) ?? [];
    const action = actionOf(counts, name);
    const subject = people.draw(action.of);
    for (const template of action.records) {
      const { record } = people.withRecord(subject, template, action.of);
      if (record !== undefined) records.push(record);
    }
  }
  return records;
}

/** As the stream brings them: by shard, a hundred at a time. A tenant too large for one partition is in several. */
function* batches(
  records: readonly ActivityRecord[],
  { load, shards }: { readonly load: Load; readonly shards: number },
): Generator<readonly ActivityRecord[]> {
  const random = randomNumbers(load.seed + 2);
  const sizes = new Map<string, number>();
  for (const { tenantId } of records) sizes.set(tenantId, (sizes.get(tenantId) ?? 0) + 1);
  const waiting = new Map<number, ActivityRecord[]>();
  for (const record of records) {
    const parts = Math.ceil(((sizes.get(record.tenantId) ?? 0) / records.length) * shards);
    const part = Math.floor(random() * parts);
    const shard = placeOf(`${activityPartition(record.tenantId)}/${part}`, shards);
    const batch = waiting.get(shard) ?? [];
    waiting.set(shard, batch);
    if (batch.push(record) < BATCH) continue;
    waiting.delete(shard);
    yield batch;
  }
}

/** A partition for a key (FNV-1a). */
function placeOf(key: string, many: number): number {
  let hash = 0x81_1c_9d_c5;
  for (let place = 0; place < key.length; place++)
    hash = Math.imul(hash ^ key.charCodeAt(place), 0x01_00_01_93);
  return ((hash ^ (hash >>> 15)) >>> 0) % many;
}

interface Write {
  readonly collection: Collection;
  readonly key: string;
  readonly writeUnits: number;
}

/** An entry of the journal, the tenant on the list, how far the rules have come, and what they remember. */
function entryWrites(
  { follower, actions }: Counts,
  tenantId: string,
  records: readonly ActivityRecord[],
): readonly Write[] {
  const of = actions[0]?.of;
  if (of === undefined) return [];
  const subject: Subject = { ...of, tenantId, userId: "", ip: "", session: { ...of.session, tenantId } };
  const [journal, backlog] = ["a tenant's journal", "tenants with something new"].map((name) => {
    const collection = COLLECTIONS.find((one) => one.name === name);
    const key = collection?.keyOf(subject);
    if (collection === undefined || key === undefined) throw new Error(`There is no ${name}.`);
    return { collection, key };
  });
  if (journal === undefined || backlog === undefined) return [];
  const settings = defaultSettings();
  const windows = new Set(records.flatMap((record) => windowKeys(record, { settings })));
  return [
    // The entry, and the place of the rules' reader behind it.
    { ...journal, writeUnits: Math.ceil(follower.entryUnits + follower.recordUnits * records.length) + 1 },
    { ...backlog, writeUnits: 1 },
    ...Array.from(windows, (key) => ({
      ...{ collection: WINDOWS, key: text(windowKey(key), "pk"), writeUnits: follower.windowUnits },
    })),
  ];
}

/** The partitions of the cells that records go into, one for each write. */
function cellWrites(records: readonly ActivityRecord[]): readonly string[] {
  const keys = records.flatMap((record) => cellsOf(record.tenantId, factsOf(record)).map(cellKey));
  const rows = new Map(keys.map((key) => [`${text(key, "pk")} ${text(key, "sk")}`, text(key, "pk")]));
  return [...rows.values()];
}
