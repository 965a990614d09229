import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { makeTables, type TableNames, tableNames } from "../../scripts/local/tables.ts";

/** A client of the DynamoDB Local that the test run started (`test/support/global-setup.ts`). */
export function localClient(): DynamoDBClient {
  const endpoint = process.env["DYNAMODB_ENDPOINT"];
  if (endpoint === undefined) throw new Error("DynamoDB Local is not running: start the tests through jest.");
  return new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
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
