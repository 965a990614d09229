import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";
import type { OpenSeries, Touch } from "./open-series.ts";
import type { Aggregation, Attachment, Period, UsageRow } from "./usage.ts";
import type { EventName, Series, StoredEvent, UsageEvent, Voiding } from "./usage-event.ts";
import type { KnownSession } from "./usage-source.ts";

/** What came of writing an event: `added`, or what was there under its name before. */
export type AddOutcome = { readonly is: "added" } | { readonly is: "there"; readonly before: StoredEvent };

/** The events of every tenant. An event is its own claim to its name: one write makes both. */
export interface UsageEventStore {
  /** Adds an event unless there is one of its name. `requestId` tells one's own write, whose answer was lost. */
  add(event: UsageEvent, requestId: string): Promise<AddOutcome>;
  /** Those of the names that are there, consistently read. */
  find(tenantId: string, names: readonly EventName[]): Promise<readonly StoredEvent[]>;
  /** Marks events as void, all or none, with the request's record. Those that are void already stay as they are. */
  markVoid(events: readonly UsageEvent[], voiding: Voiding, trail: Trail): Promise<void>;
}

/** Keeps track of which series are open, so that nothing has to be searched for. */
export interface OpenSeriesStore {
  /** Announces that hours are changing; to be written before what changes them. */
  touch(touches: readonly Touch[], nowMs: EpochMs): Promise<void>;
  /** Those of the series that are open, consistently read. */
  find(series: readonly Series[]): Promise<readonly OpenSeries[]>;
  /** The open series of one tenant, or of one of its resources, consistently read. */
  ofTenant(tenantId: string, resourceId?: string): Promise<readonly OpenSeries[]>;
  /** The open series of all tenants. */
  all(): AsyncIterable<OpenSeries>;
}

/** What usage follows from. */
export interface UsageHistory {
  /**
   * A series' events of a period that count, or counted at `asOfMs`, the oldest first. A gauge's are led by its last
   * reading from before the period (by all of that instant).
   */
  events(
    series: Series,
    of: {
      readonly kind: UsageEvent["kind"];
      readonly period: Period;
      readonly asOfMs?: EpochMs | undefined;
    },
  ): Promise<readonly StoredEvent[]>;
  /** The attachments of a tenant's resources, or of one of them, that overlap a period; in the order of attaching. */
  attachments(tenantId: string, period: Period, resourceId?: string): Promise<readonly Attachment[]>;
  /** Those of the sessions that are known, with their logical ends as of now. */
  sessions(tenantId: string, sessionIds: readonly string[]): Promise<readonly KnownSession[]>;
  /** Keeps sessions that are over for as long as bills may need them. */
  keepSessions(tenantId: string, sessions: readonly KnownSession[]): Promise<void>;
}

/** The rolled up rows of one series in one UTC day, by the hour. */
export interface StoredDay extends Series {
  readonly dayStartMs: EpochMs;
  /** How the meter was metered then. */
  readonly aggregation: Aggregation;
  readonly rows: readonly UsageRow[];
}

/** One step of the roll-up, all or nothing. */
export interface RollUpStep {
  /** As it was read: the step is refused when it has moved since. */
  readonly open: OpenSeries;
  /** As it is to be; absent where nothing of it is open any more. */
  readonly next: Omit<OpenSeries, "version"> | undefined;
  /** At most `STEP_DAYS_MAX` days, put as they are; a day without rows goes. */
  readonly days: readonly StoredDay[];
}

/** Days that fit into one transaction beside the series' own row. */
export const STEP_DAYS_MAX = 90;

/** The roll-up's rows. */
export interface RollUpStore {
  /** The stored days of one series that overlap a period, consistently read. */
  daysOf(series: Series, period: Period): Promise<readonly StoredDay[]>;
  /** The stored days of a tenant, or of one of its resources, that overlap a period. */
  daysOfTenant(tenantId: string, period: Period, resourceId?: string): Promise<readonly StoredDay[]>;
  /** `false` when the series has moved since it was read: then nothing is written. */
  commit(step: RollUpStep): Promise<boolean>;
  /** Puts months that were over when their usage changed on the list of `LateChanges`. */
  noteLate(tenantId: string, months: readonly string[]): Promise<void>;
}
