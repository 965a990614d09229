import type { Action } from "./action.ts";
import { PARTITION } from "./heat.ts";
import {
  ASSUMED,
  concurrencyOf,
  type Limit,
  limitsOf,
  placeName,
  QUOTAS,
  type Run,
  requestsPerSecond,
} from "./limits.ts";
import { ratesOf } from "./load.ts";

/** The figures of a run as they are printed with `--json`. */
export function figuresOf(run: Run) {
  const { simulated, followed, load } = run;
  return {
    load,
    drawn: simulated.drawn,
    requestsPerSecond: requestsPerSecond(load),
    actions: run.counts.actions.map(actionFigures),
    keys: [...simulated.collections, ...followed.collections].map(({ collection, ...heat }) => ({
      ...{ collection: collection.name, table: collection.table, index: collection.index ?? null },
      ...{ spread: collection.spread, ...heat },
    })),
    follower: { ...run.counts.follower, ...followed, collections: undefined },
    schedules: run.counts.schedules,
    concurrency: concurrencyOf(run),
    limits: limitsOf(run),
  };
}

/** The tables of `docs/scale.md`. */
export function tablesOf(run: Run): string {
  return [
    `### What is asked\n\n${actionTable(run)}`,
    `### The hottest key of each table and index\n\n${keyTable(run)}`,
    `### Following the log\n\n${followTable(run)}`,
    `### What breaks, in order\n\n${limitTable(limitsOf(run))}`,
    `### How much is over at which load\n\n${sizeTable(run)}`,
  ].join("\n\n");
}

function actionFigures({ name, tripsInARow, spends, records }: Action) {
  const sum = (of: "readUnits" | "writeUnits", isLog: boolean) =>
    spends
      .filter(({ collection }) => (collection.table === "activity") === isLog)
      .reduce((units, spend) => units + spend[of], 0);
  return {
    ...{ name, tripsInARow, records: records.length },
    readUnits: sum("readUnits", false) + sum("readUnits", true),
    writeUnits: sum("writeUnits", false),
    logWriteUnits: sum("writeUnits", true),
  };
}

function actionTable({ counts, load }: Run): string {
  const rates = ratesOf(load);
  const rows = counts.actions
    .map(actionFigures)
    .map((action) => [
      action.name,
      whole(rates.get(action.name) ?? 0),
      `${action.tripsInARow}`,
      short(action.readUnits),
      short(action.writeUnits),
      short(action.logWriteUnits),
    ]);
  return table(["action", "a second", "trips in a row", "read units", "write units", "of the log"], rows);
}

const SPREADS = { row: "one row", end: "at its end", anywhere: "all of it" } as const;

function keyTable({ simulated, followed }: Run): string {
  const rows = [...simulated.collections, ...followed.collections]
    .toSorted((a, b) => a.limitAt - b.limitAt)
    .filter(({ limitAt }) => limitAt < 10)
    .map((heat) => [
      placeName(heat),
      `${whole(heat.writeUnits)} / ${whole(heat.readUnits)}`,
      `${whole(heat.hottest.writeUnits)} / ${whole(heat.hottest.readUnits)}`,
      SPREADS[heat.collection.spread],
      times(heat.limitAt),
      whole(heat.keysOver),
      whole(heat.partitionsWanted),
    ]);
  const heads = [
    "collection",
    "all keys, w/r",
    "hottest key, w/r",
    "goes to",
    "full at",
    "keys over 1×",
    "partitions it takes",
  ];
  return `${table(heads, rows)}\n\nA partition takes ${whole(PARTITION.writeUnits)} write and ${whole(PARTITION.readUnits)} read units a second.`;
}

function followTable(run: Run): string {
  const { followed, counts } = run;
  const { requests, followers } = concurrencyOf(run);
  const perShard = followed.recordsPerSecond / followed.shards;
  const tookMs = counts.follower.tripsInARow * ASSUMED.tripMs + ASSUMED.ownMs;
  const canMs = (100 / perShard) * 1000;
  return table(
    ["figure", "at 1×"],
    [
      ["records a second", whole(followed.recordsPerSecond)],
      ["shards of the log's stream, once its keys are spread", whole(followed.shards)],
      ["records a second in a shard", whole(perShard)],
      [
        `a delivery of 100 may take, before the iterator's age grows (it takes some ${tookMs} ms)`,
        `${whole(canMs)} ms`,
      ],
      ["entries of journals a second, all tenants", whole(followed.entriesPerSecond)],
      [
        "those of the largest tenant, with records in each",
        `${whole(followed.hotEntriesPerSecond)}, ${short(followed.hotRecordsPerEntry)}`,
      ],
      ["cells of metrics written for one of its records", short(followed.cellsPerRecord)],
      [
        "functions at once: requests, and the log's first follower",
        `${whole(requests)}, ${whole(followers)}`,
      ],
      ["a new account's limit of both", whole(QUOTAS.concurrency)],
    ],
  );
}

function limitTable(limits: readonly Limit[]): string {
  const rows = limits.map(({ kind, what, asked, limit, unit, at, change }) => [
    times(at),
    `${what} (${kind})`,
    `${whole(asked)} of ${whole(limit)} ${unit}`,
    change,
  ]);
  return table(["breaks at", "what, and what moves it", "asked at 1×, of what is there", "the change"], rows);
}

const SIZES = [0.005, 0.02, 0.1, 1, 10, 100];

function sizeTable(run: Run): string {
  const limits = limitsOf(run);
  const { activeSessions, tenants, usageEventsPerSecond } = run.load;
  const rows = SIZES.map((size) => {
    const over = (kind: Limit["kind"]) => limits.filter((one) => one.kind === kind && one.at < size).length;
    return [
      times(size),
      whole(activeSessions * size),
      whole(tenants * size),
      whole(requestsPerSecond(run.load) * size),
      whole(usageEventsPerSecond * size),
      ...(["quota", "run", "key", "split"] as const).map((kind) => String(over(kind))),
    ];
  });
  const asked = ["load", "active sessions", "tenants", "requests/s", "usage events/s"];
  return table([...asked, "quotas", "runs of schedules", "keys", "keys that split"], rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

function times(part: number): string {
  return `${short(part)}×`;
}

function short(figure: number): string {
  return figure === 0 ? "0" : String(Number(figure.toPrecision(2)));
}

function whole(figure: number): string {
  return Math.round(figure).toLocaleString("en");
}
