import type { EpochMs } from "../time.ts";
import type { ActivityRecord, Outcome } from "./activity.ts";

/** What metrics are made of, of one record. */
export interface RecordFacts {
  readonly recordId: string;
  readonly timeMs: EpochMs;
  readonly receivedAtMs: EpochMs;
  readonly action: string;
  /** Who did it, or on whose behalf a support agent looked. */
  readonly userId: string;
  readonly sessionId?: string;
  readonly taskId?: string;
  /** `type/id` */
  readonly resource?: string;
  readonly outcome: Outcome;
  readonly errorCode?: string;
  readonly durationMs: number;
}

/** One record as the journal has it: with its leaf in a tree. */
export interface JournalLine extends RecordFacts {
  /** Hex. */
  readonly leafHash: string;
}

/** Records of one tenant that the stream brought together, in the order in which it brought them. */
export interface JournalEntry {
  readonly tenantId: string;
  /** Counts from 1, without a gap. */
  readonly number: number;
  /** Later than the receipt of every record of this entry and of those before it. */
  readonly boundMs: EpochMs;
  /** When the last of its records leaves the log. */
  readonly keptUntilMs: EpochMs;
  readonly lines: readonly JournalLine[];
}

/**
 * The order in which a tenant's records came in, each of them once: what stream deliveries, which come at least once,
 * do not say by themselves.
 */
export interface Journal {
  newestFirst(tenantId: string): AsyncIterable<JournalEntry>;
  /** The entries after that number, oldest first. */
  after(tenantId: string, number: number): AsyncIterable<JournalEntry>;
  /** `false` when there is an entry of that number: somebody else was quicker, or it is one's own. */
  append(entry: JournalEntry): Promise<boolean>;
}

/** Who reads the journal on and on, and remembers how far. */
export type JournalReader = "rules" | "metrics";

/** How far each reader has come: the number of the last entry that it has dealt with, 0 before the first. */
export interface JournalPositions {
  get(tenantId: string, reader: JournalReader): Promise<number>;
  /** Never goes back. */
  advance(of: {
    readonly tenantId: string;
    readonly reader: JournalReader;
    readonly to: number;
  }): Promise<void>;
}

/** A record as the stream brings it. */
export interface Arrival {
  readonly record: ActivityRecord;
  /** When the record leaves the log. */
  readonly keptUntilMs: EpochMs;
}

/** Reads records by their ids. */
export interface RecordsById {
  /** Those that are still in the log, in no particular order. */
  getMany(tenantId: string, ids: readonly string[]): Promise<readonly ActivityRecord[]>;
}
