import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { buildConsole } from "../build-console.ts";
import { demoAccounts } from "./accounts.ts";
import { startDynamoDbLocal } from "./dynamodb-local.ts";
import { localEnvironment } from "./environment.ts";
import { invokeThrough } from "./lambda-port.ts";
import { freePorts } from "./ports.ts";
import type { Processes } from "./processes.ts";
import { makeSecrets } from "./secrets.ts";
import type { SeededAccounts } from "./seed.ts";
import type { Settings } from "./settings.ts";
import { writeStackFiles } from "./stack-files.ts";
import { followStreams, readStreamConsumers } from "./streams.ts";
import { makeTables, tableNames } from "./tables.ts";

const HEALTH_DEADLINE_MS = 60_000;

/** The functions refuse what is too long, with a problem document; Node's own limit of 16 KiB closes the connection. */
const HEADER_BYTES_MAX = 4 * 1024 * 1024;

/** A local run on its way up: how it is set, where its parts listen and what its functions are told. */
interface Stack {
  readonly settings: Settings;
  readonly processes: Processes;
  /** Aborted when the run ends. */
  readonly signal: AbortSignal;
  readonly databasePort: number;
  readonly lambdaPort: number;
  readonly endpoint: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: string;
}

/**
 * Starts database and functions, makes tables, secrets and accounts, and comes back once `GET /health`
 * answers. What was started is in `processes`, also after a failure.
 * @throws Error whose message is the one line for the user
 */
export async function startStack(
  settings: Settings,
  processes: Processes,
  signal: AbortSignal,
): Promise<SeededAccounts> {
  const [databasePort = 0, lambdaPort = 0] = await freePorts(2);
  const endpoint = settings.dynamoDbEndpoint ?? `http://127.0.0.1:${databasePort}`;
  const environment = localEnvironment(settings, endpoint);
  mkdirSync(settings.directory, { recursive: true });
  mkdirSync(settings.runDirectory, { recursive: true });
  const log = `${settings.runDirectory}server.log`;
  const stack = { settings, processes, signal, databasePort, lambdaPort, endpoint, environment, log };
  // The adapters that seeding uses read their environment when they are loaded, as in a function.
  Object.assign(process.env, environment);
  await makeSecrets(settings.directory);
  const databaseReady = startDatabase(stack);
  startFunctions(stack);
  await Promise.all([databaseReady, buildConsole()]);
  const accounts = await fillDatabase(stack);
  await untilHealthy(stack);
  void deliverStreams(stack);
  // Its schedule comes with the next full minute.
  void invokeThrough(stack.lambdaPort)("watchLiveFeeds", {}).catch(() => undefined);
  writeStackFiles(settings, environment, accounts);
  return accounts;
}

async function startDatabase({ settings, processes, databasePort }: Stack): Promise<void> {
  if (settings.dynamoDbEndpoint !== undefined) return;
  const directory = settings.data === "disk" ? { directory: `${settings.directory}dynamodb` } : {};
  const database = startDynamoDbLocal({ port: databasePort, ...directory });
  processes.adopt(database.process, "DynamoDB Local ended: is another run using the same data directory?");
  await database.ready;
}

function startFunctions({ settings, processes, lambdaPort, environment, log }: Stack): void {
  writeFileSync(log, "");
  // To its end: what follows the streams writes there, too.
  const output = openSync(log, "a");
  const child = spawn(
    process.execPath,
    [
      `--max-http-header-size=${HEADER_BYTES_MAX}`,
      "node_modules/serverless/bin/serverless.js",
      "offline",
      ...["--stage", "local"],
      ...["--httpPort", String(settings.port)],
      ...["--websocketPort", String(settings.wsPort)],
      ...["--lambdaPort", String(lambdaPort)],
      ...(settings.hasTimeLimits ? [] : ["--noTimeout"]),
    ],
    {
      cwd: settings.root,
      env: { ...process.env, ...environment, BUILD_DIRECTORY: `.local/${settings.port}/bundles` },
      stdio: ["ignore", output, output],
    },
  );
  processes.adopt(child, `The functions did not start or ended by themselves: see ${log}`);
}

async function fillDatabase({ settings, endpoint }: Stack): Promise<SeededAccounts> {
  const client = patientClient(endpoint);
  const tables = tableNames("active-session-local");
  try {
    await makeTables(client, tables, { ttl: true });
  } catch (cause) {
    throw new Error(`DynamoDB at ${endpoint} could not be used: ${String(cause)}`, { cause });
  }
  // Adapters read their environment when they are loaded, as in a function: it has to be there before.
  const { seed } = await import("./seed.ts");
  const accounts = await seed({ client, tables }, await demoAccounts(settings));
  client.destroy();
  return accounts;
}

/** Unlike that of a function, it waits: on a busy machine DynamoDB Local takes seconds to make its first tables. */
function patientClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint });
}

async function untilHealthy({ settings, signal, log }: Stack): Promise<void> {
  const deadlineMs = Date.now() + HEALTH_DEADLINE_MS;
  while (Date.now() < deadlineMs && !signal.aborted) {
    if (await isHealthy(settings.port)) return;
    await wait(100);
  }
  throw new Error(`GET /health did not answer in ${HEALTH_DEADLINE_MS / 1000} seconds: see ${log}`);
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health`)).status === 200;
  } catch {
    return false;
  }
}

async function deliverStreams({ endpoint, lambdaPort, signal, log }: Stack): Promise<void> {
  const note = (line: string) => appendFileSync(log, `${line}\n`);
  await followStreams(
    {
      client: patientClient(endpoint),
      streams: new DynamoDBStreamsClient({ endpoint }),
      tables: tableNames("active-session-local"),
      invoke: invokeThrough(lambdaPort),
      onError: (table, error) => note(`The stream of ${table} could not be read: ${String(error)}`),
      onGivenUp: (functionKey, record) => note(`${functionKey} gave up on ${JSON.stringify(record)}`),
      signal,
    },
    readStreamConsumers(),
  );
}
