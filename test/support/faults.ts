import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";

/**
 * What DynamoDB can do to a call and DynamoDB Local never does: refuse it for load, refuse a transaction for another one,
 * lose the call, or lose the answer of one that has had its effect.
 */
export type Fault = "none" | "throttle" | "conflict" | "lost_call" | "lost_answer";

/** Lets `next` say what happens to each attempt of a call, below the SDK's own repeating; ends with the function given back. */
export function injectFaults(client: DynamoDBClient, next: () => Fault): () => void {
  client.middlewareStack.add(
    (send, context) => async (args) => {
      const fault = next();
      if (fault === "throttle") throw transient("ProvisionedThroughputExceededException");
      if (fault === "conflict" && context.commandName === "TransactWriteItemsCommand") throw conflict();
      if (fault === "lost_call") throw transient("TimeoutError");
      const answer = await send(args);
      if (fault === "lost_answer") throw transient("TimeoutError");
      return answer;
    },
    { step: "finalizeRequest", name: "faults", priority: "low", override: true },
  );
  return () => {
    client.middlewareStack.remove("faults");
  };
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
