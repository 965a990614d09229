import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { AppError } from "../errors.ts";
import { env } from "./env.ts";

/** One client for the life of the function: it keeps its connections. */
function createDynamoClient(endpoint: string | undefined = env.dynamodbEndpoint): DynamoDBClient {
  return new DynamoDBClient({
    region: env.region,
    maxAttempts: 3,
    ...(endpoint === undefined
      ? {}
      : { endpoint, credentials: { accessKeyId: env.dynamodbAccessKeyId, secretAccessKey: "local" } }),
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, httpsAgent: { maxSockets: 100 } },
  });
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
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "TransactionInProgressException",
]);

/**
 * Says of a failure whether a dependency is at fault. Such a one becomes `unavailable`, safe to repeat;
 * everything else is given back as it was.
 */
export function translated(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  if (!TRANSIENT.has(thrown.name) && !TRANSIENT.has(code)) return thrown;
  return new AppError("unavailable", "A dependency is not available: try again.", { cause: thrown });
}
