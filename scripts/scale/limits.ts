import { CELLS_MAX } from "../../lib/activity/roll-up-metrics.ts";
import { AT_ONCE } from "../../lib/aws/activity-metrics-table.ts";
import type { Counts } from "./action.ts";
import { changeOf } from "./changes.ts";
import type { Followed } from "./follow.ts";
import type { CollectionHeat } from "./heat.ts";
import { type Load, ratesOf } from "./load.ts";
import type { Simulated } from "./simulate.ts";

/**
 * What moves a limit. `quota`: asking for more. `key`: another key function. `run`: a schedule's work handed out. `split`:
 * nothing: DynamoDB splits the collection by itself while it is hot, which takes minutes and is not promised.
 */
export type LimitKind = "quota" | "key" | "run" | "split";

/** Something that has an end: how much of it the load asks for, and what is there. */
export interface Limit {
  readonly kind: LimitKind;
  readonly what: string;
  readonly asked: number;
  readonly limit: number;
  readonly unit: string;
  /** The part of the load at which the limit is reached. */
  readonly at: number;
  readonly change: string;
}

/** What is taken for a call to DynamoDB within a region, and for a request beside its calls: assumed, not measured. */
export const ASSUMED = { tripMs: 5, ownMs: 5 } as const;

/** A function with 1 GiB has that part of a processor (1,769 MB are a whole one: Lambda's Developer Guide). */
const PROCESSORS = 1024 / 1769;
/** What a new account has in a region; all but a partition's can be raised on request. */
export const QUOTAS = {
  gatewayRequests: 10_000,
  concurrency: 1000,
  tableUnits: 40_000,
  secretReads: 40,
  letters: 14,
  texts: 20,
} as const;

/** Records a second that are hashed into the tree (docs/benchmarks.md, row 10), on one whole processor. */
const SEALED_PER_SECOND = 101_000;
/** The longest that a function runs. */
const RUN_SECONDS = 900;
/** A process reads its secrets again (lib/aws/secrets.ts). */
const SECRETS_SECONDS = 60;
/** Trips in a row for an entry of the journal: looking back, the tenant's place on the list, the entry. */
const ENTRY_TRIPS = 3;

/** All that a run knows. */
export interface Run {
  readonly load: Load;
  readonly counts: Counts;
  readonly simulated: Simulated;
  readonly followed: Followed;
}

/** Everything that has a limit, what breaks first at the top. */
export function limitsOf(run: Run): readonly Limit[] {
  return [
    ...keyLimits(run),
    ...tableLimits(run),
    ...accountLimits(run),
    ...scheduleLimits(run),
    journalLimit(run),
  ]
    .filter(({ at }) => at < 10)
    .sort((a, b) => a.at - b.at);
}

/** Functions that run at the same time, for requests and for what follows the log. */
export function concurrencyOf({ load, counts, followed }: Run): {
  readonly requests: number;
  readonly followers: number;
} {
  const rates = ratesOf(load);
  const requests = counts.actions.reduce((sum, { name, tripsInARow }) => {
    if (!isRequest(name)) return sum;
    const password = name === "password step" ? counts.passwordMs / PROCESSORS : 0;
    return sum + ((rates.get(name) ?? 0) * (tripsInARow * ASSUMED.tripMs + ASSUMED.ownMs + password)) / 1000;
  }, 0);
  // One at a time for each shard and consumer that is busy.
  const batches = followed.recordsPerSecond / 100;
  const busy = (batches * (counts.follower.tripsInARow * ASSUMED.tripMs + ASSUMED.ownMs)) / 1000;
  return { requests, followers: busy };
}

/** Requests a second at the gateway. */
export function requestsPerSecond(load: Load): number {
  return [...ratesOf(load)].reduce((sum, [name, rate]) => sum + (isRequest(name) ? rate : 0), 0);
}

/** What is counted by itself, and is part of another request. */
function isRequest(name: string): boolean {
  return name !== "last seen" && name !== "3 series announced";
}

function limit(kind: LimitKind, what: string, figures: Pick<Limit, "asked" | "limit" | "unit">): Limit {
  return { kind, what, ...figures, at: figures.limit / figures.asked, change: changeOf(what) };
}

function keyLimits({ simulated, followed }: Run): readonly Limit[] {
  return [...simulated.collections, ...followed.collections].map((one) => {
    const { readUnits, writeUnits } = one.hottest;
    const isWrite = writeUnits / 1000 >= readUnits / 3000;
    const figures = isWrite
      ? { asked: writeUnits, limit: 1000, unit: "write units/s on one key" }
      : { asked: readUnits, limit: 3000, unit: "read units/s on one key" };
    return limit(one.collection.spread === "anywhere" ? "split" : "key", placeName(one), figures);
  });
}

/** A collection with the table or index that it is in. */
export function placeName({ collection }: CollectionHeat): string {
  const { table, index, name } = collection;
  return `${name} (${index === undefined ? table : `${table}, ${index}`})`;
}

/** Units of a table with its indexes: on demand there is a quota for each table. */
function tableLimits({ simulated, followed }: Run): readonly Limit[] {
  const byTable = Map.groupBy(
    [...simulated.collections, ...followed.collections],
    ({ collection }) => collection.table,
  );
  return Array.from(byTable, ([table, all]) =>
    limit("quota", `the ${table} table with its indexes`, {
      asked: all.reduce((sum, { writeUnits }) => sum + writeUnits, 0),
      ...{ limit: QUOTAS.tableUnits, unit: "write units/s" },
    }),
  );
}

function accountLimits(run: Run): readonly Limit[] {
  const { requests, followers } = concurrencyOf(run);
  const signIns = ratesOf(run.load).get("second factor") ?? 0;
  const { load } = run;
  return [
    limit("quota", "API Gateway", {
      ...{ asked: requestsPerSecond(load), limit: QUOTAS.gatewayRequests, unit: "requests/s" },
    }),
    limit("quota", "Lambda's concurrency", {
      ...{ asked: requests + followers, limit: QUOTAS.concurrency, unit: "at once" },
    }),
    limit("quota", "Parameter Store, secrets read again", {
      ...{ asked: (requests + followers) / SECRETS_SECONDS, limit: QUOTAS.secretReads, unit: "reads/s" },
    }),
    limit("quota", "SES", {
      asked: signIns * load.lettersPerSignIn,
      limit: QUOTAS.letters,
      unit: "letters/s",
    }),
    limit("quota", "SNS", { asked: signIns * load.textsPerSignIn, limit: QUOTAS.texts, unit: "messages/s" }),
  ];
}

/** What one run of a schedule gets done in its period, run after run. */
function scheduleLimits(run: Run): readonly Limit[] {
  const { load, followed } = run;
  const loads: Readonly<Record<string, number>> = {
    rollUpMetrics: load.tenants,
    sealActivity: load.tenants,
    // A resource has three meters.
    rollUpUsage: load.meteredResources * 3,
    sweepExpiredSessions: (load.activeSessions / (load.sessionHours * 3600)) * 60 * (1 - load.signedOutShare),
  };
  const byThing = run.counts.schedules.map(({ name, everySeconds, thing, tripsPerThing, atOnce }) =>
    limit("run", `${name}: each ${thing}`, {
      asked: loads[name] ?? 0,
      limit: (Math.min(everySeconds, RUN_SECONDS) * 1000 * atOnce) / (tripsPerThing * ASSUMED.tripMs),
      unit: `a run, every ${everySeconds / 60} min`,
    }),
  );
  // Five reads in a row, then as many writes in a row as it takes.
  const tripsPerCell = (CELLS_MAX / 100 + Math.ceil(CELLS_MAX / AT_ONCE)) / CELLS_MAX;
  return [
    ...byThing,
    limit("run", "rollUpMetrics: each cell", {
      asked: followed.recordsPerSecond * followed.cellsPerRecord * 60,
      ...{ limit: 60_000 / (tripsPerCell * ASSUMED.tripMs), unit: "a run, every 1 min" },
    }),
    limit("run", "sealActivity: each record", {
      asked: followed.recordsPerSecond * 3600,
      ...{ limit: SEALED_PER_SECOND * PROCESSORS * RUN_SECONDS, unit: "a run, every 60 min" },
    }),
  ];
}

/** Entries of one journal are written one after the other, whoever writes them. */
function journalLimit({ followed }: Run): Limit {
  return limit("key", "the largest tenant's journal, one entry after the other", {
    asked: followed.hotEntriesPerSecond,
    ...{ limit: 1000 / (ENTRY_TRIPS * ASSUMED.tripMs), unit: "entries/s" },
  });
}
