import type { DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Commit, ConditionRefused, commit } from "./transact.ts";

/** A write of a transaction, with what it means when its condition does not hold. */
export interface GuardedWrite<Refusal extends string> {
  readonly write: TransactWriteItem;
  readonly refusal: Refusal;
}

/** Commits writes of which each says why it would be refused; of several refusals the first one is given. */
export async function commitGuarded<Refusal extends string>(
  client: DynamoDBClient,
  writes: readonly GuardedWrite<Refusal>[],
  records: Omit<Commit, "writes">,
): Promise<"done" | Refusal> {
  try {
    await commit(client, { ...records, writes: writes.map(({ write }) => write) });
    return "done";
  } catch (thrown) {
    if (!(thrown instanceof ConditionRefused)) throw thrown;
    const first = writes.find((_, index) => thrown.refused.has(index));
    if (first === undefined) throw thrown;
    return first.refusal;
  }
}
