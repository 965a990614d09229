import type { ActivityRecord } from "../../lib/activity/activity.ts";
import type { Session } from "../../lib/session/session.ts";
import type { Collection } from "./collections.ts";

/** What one action takes from one collection. */
export interface Spend {
  readonly collection: Collection;
  /** For rows of the log: which of the action's records it is. */
  readonly record?: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** An action as it was counted once. */
export interface Action {
  readonly name: string;
  /** Calls to DynamoDB that wait for each other. */
  readonly tripsInARow: number;
  readonly spends: readonly Spend[];
  /** The records that it left, with the ids of `of`. */
  readonly records: readonly ActivityRecord[];
  /** Whose action was counted. */
  readonly of: Counted;
}

/** The one who was counted: their ids stand in the records, and give way to others' there. */
export interface Counted {
  readonly session: Session;
  readonly email: string;
  readonly resourceId: string;
}

/** What following the log costs: measured with one record, and with many of one tenant together. */
export interface FollowerCost {
  readonly tripsInARow: number;
  /** Write units of an entry of the journal: without a record, and for each. */
  readonly entryUnits: number;
  readonly recordUnits: number;
  /** Write units for each window that the rules look into, over all of them: some are as they were. */
  readonly windowUnits: number;
}

/** What a schedule's run waits for, thing by thing. */
export interface ScheduleCost {
  readonly name: string;
  readonly everySeconds: number;
  readonly thing: string;
  readonly tripsPerThing: number;
  /** Things that a run works at together. */
  readonly atOnce: number;
}

/** All that is counted on DynamoDB Local before anything is simulated. */
export interface Counts {
  readonly actions: readonly Action[];
  readonly schedules: readonly ScheduleCost[];
  readonly follower: FollowerCost;
  /** One check of a password here (Argon2id), milliseconds. */
  readonly passwordMs: number;
}
