import type { Atto } from "../decimal.ts";
import type { EpochMs } from "../time.ts";

/** A measurement of a resource. One resource has one value of a metric at one instant: the last one told. */
export interface MetricSample {
  readonly atMs: EpochMs;
  /** `cpu`, `requests` or any other name. */
  readonly metric: string;
  readonly value: Atto;
}

/** How long samples are kept. */
export const SAMPLES_KEPT_MS = 15 * 24 * 60 * 60 * 1000;

/** Which samples: `fromMs <= time < toMs`. */
export interface SampleQuery {
  readonly tenantId: string;
  readonly resourceId: string;
  readonly metric?: string;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  /** The most that are read. */
  readonly limit: number;
  /** The position that the page before ended on. */
  readonly after?: string;
}

/** Some samples, newest first, with the position to go on from when there may be more. */
export interface SamplePage {
  readonly samples: readonly MetricSample[];
  readonly nextAfter?: string;
}

/** Load samples, kept for a while. Adding one again changes nothing. */
export interface MetricStore {
  add(of: { tenantId: string; resourceId: string }, samples: readonly MetricSample[]): Promise<void>;
  find(query: SampleQuery): Promise<SamplePage>;
}
