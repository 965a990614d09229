import type { MeteringInput } from "./meter-usage.ts";
import type {
  Attachment,
  CounterEvent,
  GaugeReading,
  Meters,
  Period,
  SessionSpan,
  UsageRow,
} from "./usage.ts";

/** Whose usage of which time is asked for, metered in which way. */
export interface UsageQuery {
  readonly tenantId: string;
  /** Need not lie on full hours. What lies in the future is cut off: usage is known until now. */
  readonly period: Period;
  /** What is metered, and how; usage of any other meter is left out. */
  readonly meters: Meters;
  /** One resource alone. */
  readonly resourceId?: string;
}

/** What goes back to a change or a request carries the id of its activity record. */
export interface Recorded {
  /** The sender's name of itself, and of the event: together they count once. */
  readonly source: string;
  readonly eventId: string;
  readonly activityId?: string;
}

/** A session that usage may be of, with its logical end; `null` while it is alive. */
export interface KnownSession extends SessionSpan {
  /** It was kept elsewhere, and its history was brought here. */
  readonly isImported: boolean;
  /** Its end follows from the clock and nobody has written it yet: a shorter timeout may still date it back. */
  readonly isEndOpen?: boolean;
}

/**
 * The events, sessions and attachments that a tenant's usage follows from. Beside `meters` and `bucket` it is all
 * that `meterUsage` and `totalPeriod` take, and gives the very same usage as `UsageSource.rows`.
 */
export interface UsageInputs extends Pick<MeteringInput, "period"> {
  /** As asked for, but not beyond now. */
  readonly period: Period;
  readonly sessions: readonly KnownSession[];
  readonly attachments: readonly Attachment[];
  /** The last reading from before the period comes first: it carries the level in. */
  readonly gauges: readonly (GaugeReading & Recorded)[];
  readonly counters: readonly (CounterEvent & Recorded)[];
}

/** A tenant's exact usage at this moment, whether rolled up before or not. */
export interface UsageSource {
  /**
   * Rows for `totalUsage` and `groupUsage`. With `bucket: "hour"` each row is of one UTC hour (the first and the last
   * may be cut by the period); with `"period"` a row may be of any stretch of the period, which is quicker.
   */
  rows(query: UsageQuery & { readonly bucket: MeteringInput["bucket"] }): Promise<readonly UsageRow[]>;
  /** What the rows follow from, as evidence. It reads every event of the period: ask for as little as will do. */
  inputs(query: UsageQuery): Promise<UsageInputs>;
}

/** A month that was over when its usage changed: whoever has billed it rates it again. */
export interface LateChange {
  readonly tenantId: string;
  /** Such as `2026-10`. */
  readonly month: string;
  /** Says which change it is: another one since has another token. */
  readonly token: string;
}

/** The late changes that nobody has dealt with. */
export interface LateChanges {
  all(): Promise<readonly LateChange[]>;
  /** Takes a change off the list, unless the month has changed again since it was read. */
  dealtWith(change: LateChange): Promise<void>;
}
