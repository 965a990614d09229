import { startDynamoDbLocal } from "../../scripts/local/dynamodb-local.ts";
import { javaProblem } from "../../scripts/local/java.ts";
import { freePort } from "../../scripts/local/ports.ts";

/** Starts the one DynamoDB Local of the test run; `DYNAMODB_ENDPOINT` tells the tests where it is. */
export default async function startDatabase(): Promise<void> {
  const problem = await javaProblem();
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    process.exit(1);
  }
  const database = startDynamoDbLocal({ port: await freePort(), perAccount: true });
  process.env["DYNAMODB_ENDPOINT"] = database.endpoint;
  // On exit rather than in a globalTeardown: an interrupted run must not leave Java behind either.
  database.process.unref();
  process.once("exit", () => database.process.kill("SIGKILL"));
  process.once("SIGTERM", () => process.exit(143));
  process.once("SIGINT", () => process.exit(130));
  await database.ready;
}
