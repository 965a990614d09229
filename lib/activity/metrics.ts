import type { EpochMs } from "../time.ts";
import type { RecordFacts } from "./journal.ts";
import { histogramOf, type LatencyHistogram, mergeHistograms } from "./latency-histogram.ts";

/** What metrics can be grouped by (contract section 8). */
export const METRIC_DIMENSIONS = ["action", "user", "session", "task", "resource"] as const;

/** One of the things that metrics can be grouped by. */
export type MetricDimension = (typeof METRIC_DIMENSIONS)[number];

/** The stretches of time that cells are of, in UTC, and how long each is. */
export const SPAN_MS = { hour: 3_600_000, day: 86_400_000 } as const;

/** How long a cell's stretch of time is. */
export type Span = keyof typeof SPAN_MS;

/** Which cell: one group in one stretch of time, or one action in one session. */
export type CellKey =
  | {
      readonly is: "group";
      readonly tenantId: string;
      readonly dimension: MetricDimension;
      readonly span: Span;
      readonly startMs: EpochMs;
      readonly group: string;
    }
  | {
      readonly is: "session_action";
      readonly tenantId: string;
      readonly sessionId: string;
      readonly group: string;
    };

/** A record that shows what is meant: the slowest of a cell, or the last that failed. */
export interface Example {
  readonly activityId: string;
  readonly durationMs: number;
  readonly atMs: EpochMs;
  readonly errorCode?: string;
}

/** How often and how fast something was done. JSON, and mergeable in any order. */
export interface Figures {
  readonly histogram: LatencyHistogram;
  readonly slowest: Example;
  readonly lastFailure?: Example;
}

/** A cell as it is kept: the last entry of the journal that has gone into it says which have. */
export interface StoredCell {
  readonly figures: Figures;
  readonly throughEntry: number;
}

/** A cell with more in it. */
export interface CellChange {
  readonly key: CellKey;
  readonly after: StoredCell;
  /** The entry that it was at when it was read; `undefined` where there was none. */
  readonly before: number | undefined;
  readonly keptUntilMs: EpochMs;
}

/** A group's cell as a range of them is read. */
export interface RangeCell extends StoredCell {
  readonly group: string;
  readonly startMs: EpochMs;
}

/** The metrics of every tenant, as far as they are rolled up. */
export interface MetricStore {
  /** The cells of those keys, in their order. */
  load(keys: readonly CellKey[]): Promise<readonly (StoredCell | undefined)[]>;
  /** `false` when a cell has moved since it was read; the others may be written all the same. */
  save(changes: readonly CellChange[]): Promise<boolean>;
  /** The cells of a dimension whose stretches begin in `[fromMs, toMs)`. */
  range(of: {
    readonly tenantId: string;
    readonly dimension: MetricDimension;
    readonly span: Span;
    readonly fromMs: EpochMs;
    readonly toMs: EpochMs;
  }): AsyncIterable<RangeCell>;
  /** The actions of one session. */
  ofSession(
    tenantId: string,
    sessionId: string,
  ): Promise<readonly (StoredCell & { readonly group: string })[]>;
}

/** The figures of one record. */
export function figuresOf(line: RecordFacts): Figures {
  const { recordId, durationMs, timeMs, outcome, errorCode } = line;
  const example = {
    ...{ activityId: recordId, durationMs, atMs: timeMs },
    ...(errorCode === undefined ? {} : { errorCode }),
  };
  return {
    histogram: histogramOf(line),
    slowest: example,
    ...(outcome === "success" ? {} : { lastFailure: example }),
  };
}

/** Both put together, in either order. */
export function mergeFigures(a: Figures | undefined, b: Figures): Figures {
  if (a === undefined) return b;
  const failures = [a.lastFailure, b.lastFailure].filter((example) => example !== undefined);
  const [lastFailure] = failures.toSorted((one, other) => other.atMs - one.atMs);
  return {
    histogram: mergeHistograms(a.histogram, b.histogram),
    slowest: a.slowest.durationMs >= b.slowest.durationMs ? a.slowest : b.slowest,
    ...(lastFailure === undefined ? {} : { lastFailure }),
  };
}

/** The group that a record is in, if it is in any. */
export function groupOf(line: RecordFacts, dimension: MetricDimension): string | undefined {
  switch (dimension) {
    case "action":
      return line.action;
    case "user":
      return line.userId;
    case "session":
      return line.sessionId;
    case "task":
      return line.taskId;
    case "resource":
      return line.resource;
  }
}

/** When the stretch of time begins that a moment is in. */
export function startOf(atMs: EpochMs, span: Span): EpochMs {
  return atMs - (atMs % SPAN_MS[span]);
}

/** All cells that a record goes into. */
export function cellsOf(tenantId: string, line: RecordFacts): readonly CellKey[] {
  const groups = METRIC_DIMENSIONS.flatMap((dimension) => {
    const group = groupOf(line, dimension);
    if (group === undefined) return [];
    return (["hour", "day"] as const).map(
      (span): CellKey => ({
        ...{ is: "group", tenantId, dimension, span, group },
        startMs: startOf(line.timeMs, span),
      }),
    );
  });
  const { sessionId, action: group } = line;
  return sessionId === undefined ? groups : [...groups, { is: "session_action", tenantId, sessionId, group }];
}
