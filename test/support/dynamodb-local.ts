import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { makeTables, type TableNames, tableNames } from "../../scripts/local/tables.ts";

// Each test file is an account of its own in DynamoDB Local, and so has a database of its own.
const accessKeyId = randomUUID().replaceAll("-", "");
process.env["DYNAMODB_ACCESS_KEY_ID"] = accessKeyId;
// No guarantee depends on the speed of the machine.
process.env["DYNAMODB_ANSWER_WITHIN_MS"] ??= "30000";

/**
 * How a client reaches this file's database in the DynamoDB Local that the test run started
 * (`test/support/global-setup.ts`).
 */
export function localAccess() {
  const endpoint = process.env["DYNAMODB_ENDPOINT"];
  if (endpoint === undefined) throw new Error("DynamoDB Local is not running: start the tests through jest.");
  return { endpoint, region: "eu-central-1", credentials: { accessKeyId, secretAccessKey: "local" } };
}

/** A client of this file's database. */
export function localClient(): DynamoDBClient {
  return new DynamoDBClient(localAccess());
}

/**
 * Makes the tables for one test file and answers with their names. The prefix keeps files apart (3 to
 * 200 of `A-Za-z0-9_.-`). Rows are not removed at their `ttl` unless asked for: a test whose clock stands in
 * the past would lose them under its hands.
 */
export async function createTables(
  prefix: string,
  options: { readonly ttl: boolean } = { ttl: false },
): Promise<TableNames> {
  const client = localClient();
  const names = tableNames(prefix);
  await makeTables(client, names, options);
  client.destroy();
  return names;
}
