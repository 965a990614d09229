import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const EMULATOR = fileURLToPath(
  new URL("../../node_modules/amplify-dynamodb-simulator/emulator/", import.meta.url),
);
/** It leaves a file of its own where it is started: here nobody minds. */
const WORK_DIRECTORY = fileURLToPath(new URL("../../.local/", import.meta.url));
const START_DEADLINE_MS = 60_000;

/** A DynamoDB Local of one's own: the endpoint that it will serve and the process that does. */
export interface DynamoDbLocal {
  readonly endpoint: string;
  readonly process: ChildProcess;
  /** Resolves when it answers. Rejects when it exits or has not answered in a minute. */
  readonly ready: Promise<void>;
}

/** How a DynamoDB Local is to run. */
export interface DynamoDbLocalOptions {
  /** Must be free: on a taken port DynamoDB Local neither serves nor exits. */
  readonly port: number;
  /** Where the data is kept; in memory without it. */
  readonly directory?: string;
  /**
   * Keeps a database for each access key and region, instead of one for all. A put looks for its stream's first record
   * among all records of its database's streams, so that one database becomes slower with everything written to it.
   */
  readonly perAccount?: boolean;
}

/** Starts DynamoDB Local. It begins without tables, and its starter has to end it. */
export function startDynamoDbLocal(options: DynamoDbLocalOptions): DynamoDbLocal {
  mkdirSync(WORK_DIRECTORY, { recursive: true });
  const child = spawn("java", javaArguments(options), { cwd: WORK_DIRECTORY, stdio: "ignore" });
  const endpoint = `http://127.0.0.1:${options.port}`;
  return { endpoint, process: child, ready: untilAnswering(child, endpoint) };
}

function javaArguments({ port, directory, perAccount }: DynamoDbLocalOptions): string[] {
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const storage = directory === undefined ? ["-inMemory"] : ["-dbPath", directory];
  return [
    // It lives for minutes: the quick compiler starts sooner and leaves more of a small machine to others.
    "-XX:TieredStopAtLevel=1",
    `-Djava.library.path=${EMULATOR}DynamoDBLocal_lib`,
    "-jar",
    `${EMULATOR}DynamoDBLocal.jar`,
    ...storage,
    ...(perAccount === true ? [] : ["-sharedDb"]),
    "-disableTelemetry",
    "-port",
    String(port),
  ];
}

async function untilAnswering(child: ChildProcess, endpoint: string): Promise<void> {
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
  });
  const deadlineMs = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadlineMs) {
    if (failure !== undefined) throw failure;
    if (child.exitCode !== null) throw new Error(`DynamoDB Local ended with status ${child.exitCode}.`);
    if (await answers(endpoint)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`DynamoDB Local did not answer in ${START_DEADLINE_MS / 1000} seconds.`);
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint);
    return true;
  } catch {
    return false;
  }
}
