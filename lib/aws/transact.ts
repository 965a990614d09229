import {
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { ActivityRecord } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import { activityPut } from "./activity-item.ts";
import { translated } from "./dynamo-client.ts";
import type { Item } from "./item.ts";

/** A transaction was refused by a condition. `refused[i]` is the row that stood against write i, where there is one. */
export class ConditionRefused extends Error {
  readonly refused: ReadonlyMap<number, Item | undefined>;

  constructor(refused: ReadonlyMap<number, Item | undefined>) {
    super("A condition did not hold.");
    this.name = "ConditionRefused";
    this.refused = refused;
  }
}

const CONFLICT_ATTEMPTS = 8;

/** One effect: its writes, the trail whose record goes with them, and further records. */
export interface Commit {
  readonly writes: readonly TransactWriteItem[];
  readonly trail?: Trail | undefined;
  readonly also?: readonly ActivityRecord[];
  /** How long the records are kept, counted from receipt, where there is no trail to tell. */
  readonly retentionDays?: number | undefined;
}

/**
 * Writes the effect of a request and its records in one transaction, then tells the trail.
 * Conflicts with another transaction are tried again with jitter; failed conditions never are.
 * @throws ConditionRefused, AppError `unavailable`
 */
export async function commit(client: DynamoDBClient, commit: Commit): Promise<void> {
  const { writes, trail, also = [], retentionDays = trail?.retentionDays() } = commit;
  const records = trail === undefined ? also : [trail.record(), ...also];
  await transact(client, [
    ...writes,
    ...records.map((record) => ({ Put: activityPut(record, retentionDays) })),
  ]);
  trail?.committed();
}

/** Writes up to 100 rows together or not at all. @throws ConditionRefused, AppError `unavailable` */
export async function transact(client: DynamoDBClient, writes: readonly TransactWriteItem[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      // The SDK repeats a lost call with the same client token, so that a write whose answer was lost counts once.
      await client.send(new TransactWriteItemsCommand({ TransactItems: [...writes] }));
      return;
    } catch (thrown) {
      if (!(thrown instanceof TransactionCanceledException)) throw translated(thrown);
      const reasons = thrown.CancellationReasons ?? [];
      const refused = new Map(
        reasons.flatMap((reason, index) =>
          reason.Code === "ConditionalCheckFailed" ? [[index, reason.Item] as const] : [],
        ),
      );
      if (refused.size > 0) throw new ConditionRefused(refused);
      if (attempt === CONFLICT_ATTEMPTS || !reasons.some((reason) => isTransient(reason.Code))) {
        throw new AppError("unavailable", "Too many writes at once: try again.", { cause: thrown });
      }
      await pause(attempt, 200);
    }
  }
}

function isTransient(code: string | undefined): boolean {
  return (
    code === "TransactionConflict" || code === "ThrottlingError" || code === "ProvisionedThroughputExceeded"
  );
}

/** Waits before the next attempt, with full jitter: 5 ms doubled each time, at most `maxMs`. */
export async function pause(attempt: number, maxMs: number): Promise<void> {
  const capMs = Math.min(maxMs, 5 * 2 ** attempt);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * capMs));
}
