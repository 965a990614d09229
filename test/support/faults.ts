import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";

/**
 * What DynamoDB can do to a call and DynamoDB Local never does: refuse it for load, refuse a transaction for another one,
 * lose the call, or lose the answer of one that has had its effect. `killed` and `killed_after` are the end of the function
 * itself, before a call or when its answer is back: nothing is tried again.
 */
export type Fault =
  | "none"
  | "throttle"
  | "conflict"
  | "lost_call"
  | "lost_answer"
  | "killed"
  | "killed_after";

/** Lets `next` say what happens to each attempt of a call, below the SDK's own repeating; ends with the function given back. */
export function injectFaults(client: DynamoDBClient, next: () => Fault): () => void {
  client.middlewareStack.add(
    (send, context) => async (args) => {
      const fault = next();
      const before = failureBefore(fault, context.commandName);
      if (before !== undefined) throw before;
      const answer = await send(args);
      if (fault === "lost_answer") throw transient("TimeoutError");
      if (fault === "killed_after") throw killed();
      return answer;
    },
    { step: "finalizeRequest", name: "faults", priority: "low", override: true },
  );
  return () => {
    client.middlewareStack.remove("faults");
  };
}

/** Why a call does not reach the database. */
function failureBefore(fault: Fault, commandName: string | undefined): Error | undefined {
  if (fault === "throttle") return transient("ProvisionedThroughputExceededException");
  if (fault === "conflict" && commandName === "TransactWriteItemsCommand") return conflict();
  if (fault === "lost_call") return transient("TimeoutError");
  return fault === "killed" ? killed() : undefined;
}

function killed(): Error {
  return new Error("Killed.");
}

function transient(name: string): Error {
  return Object.assign(new Error("Injected."), { name, $metadata: {}, $retryable: {} });
}

function conflict(): Error {
  return new TransactionCanceledException({
    message: "Injected.",
    $metadata: {},
    CancellationReasons: [{ Code: "TransactionConflict" }],
  });
}
