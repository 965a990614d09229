import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { AppError } from "../errors.ts";
import { env } from "./env.ts";
import { isSilence, keepQuietAfterSilence } from "./silence.ts";

/** One client for the life of the function: it keeps its connections. */
function createDynamoClient(endpoint: string | undefined = env.dynamodbEndpoint): DynamoDBClient {
  const client = new DynamoDBClient({
    region: env.region,
    maxAttempts: 3,
    ...(endpoint === undefined
      ? {}
      : { endpoint, credentials: { accessKeyId: env.dynamodbAccessKeyId, secretAccessKey: "local" } }),
    requestHandler: {
      connectionTimeout: 1000,
      requestTimeout: env.dynamodbAnswerWithinMs,
      // Or else it is a line in the log, and the request goes on waiting.
      throwOnRequestTimeout: true,
      httpsAgent: { maxSockets: 100 },
    },
  });
  keepQuietAfterSilence(client);
  return client;
}

let shared: DynamoDBClient | undefined;

/** The client that the functions of this process share. */
export function dynamoClient(): DynamoDBClient {
  shared ??= createDynamoClient();
  return shared;
}

const TRANSIENT = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "RequestLimitExceeded",
  "InternalServerError",
  "ServiceUnavailable",
  "TimeoutError",
  "TransactionInProgressException",
]);

/**
 * Says of a failure whether a dependency is at fault. Such a one becomes `unavailable`, safe to repeat;
 * everything else is given back as it was.
 */
export function translated(thrown: unknown): unknown {
  if (!isSilence(thrown) && !(thrown instanceof Error && TRANSIENT.has(thrown.name))) return thrown;
  return new AppError("unavailable", "A dependency is not available: try again.", { cause: thrown });
}
