import { ATTO_PER_UNIT, type Atto } from "../decimal.ts";
import { assertNever } from "../errors.ts";
import type { EpochMs } from "../time.ts";

/** A half-open span of time in UTC: `startAtMs` belongs to it, `endAtMs` does not. */
export interface Period {
  readonly startAtMs: EpochMs;
  readonly endAtMs: EpochMs;
}

/** Whose usage it is: what stays known of a session after it is over. */
export interface SessionRef {
  readonly sessionId: string;
  readonly userId: string;
  readonly startedAtMs: EpochMs;
}

/** The life of a session, `[startedAtMs, endedAtMs)`; `null` while it runs. */
export interface SessionSpan extends SessionRef {
  readonly endedAtMs: EpochMs | null;
}

/** A session holds a resource in `[fromAtMs, toAtMs)`, cut to the session's life; `null` until it is detached. */
export interface Attachment {
  readonly resourceId: string;
  readonly sessionId: string;
  readonly fromAtMs: EpochMs;
  readonly toAtMs: EpochMs | null;
  /** The activity records that it began and ended with, where there were such. */
  readonly beganBy?: string;
  readonly endedBy?: string;
}

/** The level of a gauge from `atMs` on, until the next reading of the same resource and meter. */
export interface GaugeReading {
  readonly id: string;
  readonly resourceId: string;
  readonly meter: string;
  readonly atMs: EpochMs;
  readonly level: Atto;
}

/** An amount used by one session at one instant. An `id` counts once, whenever it comes again. */
export interface CounterEvent {
  readonly id: string;
  readonly resourceId: string;
  readonly sessionId: string;
  readonly meter: string;
  readonly atMs: EpochMs;
  readonly amount: Atto;
}

/**
 * How a meter makes one quantity of many events: `gauge` weighs levels by time, in unit-hours; `sum` adds amounts,
 * `count` counts events, `max` takes the greatest amount, `unique` counts the different amounts.
 */
export type Aggregation = "gauge" | "sum" | "count" | "max" | "unique";

/** The meters that are known, by name. Events of any other meter are not metered. */
export type Meters = ReadonlyMap<string, Aggregation>;

/** The meters of every deployment (contract section 9). */
export const BUILT_IN_METERS: Meters = new Map<string, Aggregation>([
  ["cpu", "gauge"],
  ["memory", "gauge"],
  ["storage", "gauge"],
  ["network", "sum"],
]);

/** One hour: the bucket of the roll-up, and what level × milliseconds is divided by (contract section 11). */
export const HOUR_MS = 3_600_000;

/**
 * Usage of one meter on one resource by one session in one bucket of time. A bucket's rows follow from the events
 * alone: whoever stores them computes them again and puts them, and never adds to them.
 */
export interface UsageRow {
  readonly meter: string;
  readonly resourceId: string;
  /** `null` is outside of every session: shown, and never charged. */
  readonly holder: SessionRef | null;
  readonly bucketStartAtMs: EpochMs;
  /** The quantity in whole units, of which `wholeUnitsPerUnit` make one. */
  readonly whole: bigint;
  /** The different amounts, for `unique` alone: without them two buckets could not be merged. */
  readonly values?: ReadonlySet<Atto>;
}

/** How many whole units make one unit of quantity. A gauge keeps 10^-18 × milliseconds whole until rating. */
export function wholeUnitsPerUnit(aggregation: Aggregation): bigint {
  switch (aggregation) {
    case "gauge":
      return ATTO_PER_UNIT * BigInt(HOUR_MS);
    case "sum":
    case "max":
      return ATTO_PER_UNIT;
    case "count":
    case "unique":
      return 1n;
    default:
      return assertNever(aggregation);
  }
}
