import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { firstProblem } from "../local/checks.ts";
import { freePorts } from "../local/ports.ts";
import { ownedProcesses } from "../local/processes.ts";
import type { SeededAccounts } from "../local/seed.ts";
import { readSettings } from "../local/settings.ts";
import { startStack } from "../local/stack.ts";
import { removeRunFiles } from "../local/stack-files.ts";
import { type Database, startDatabase } from "./database.ts";
import { soakAccounts } from "./people.ts";

/** The kill of a process takes nothing from a file system in memory; a disk would be what is measured. */
const QUICK_DISK = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A whole local stack that nobody else uses. */
export interface OwnStack {
  readonly baseUrl: string;
  readonly accounts: SeededAccounts;
  readonly database: Database;
  /** The process in which all functions run. */
  readonly server: ChildProcess;
  /** What that process says of its memory, a JSON document a line, whenever it is sent SIGUSR2. */
  readonly heapFile: string;
  /** The functions' log. */
  readonly log: string;
  /** Rejects when a part of the stack ended by itself. */
  readonly failure: Promise<never>;
  end(): Promise<void>;
}

/**
 * Starts a stack with ports, accounts and data of its own. Its database is in memory, unless it is to outlive its process.
 * @throws Error whose message is the line for the user
 */
export async function startOwnStack(options: { readonly isToSurvive: boolean }): Promise<OwnStack> {
  const directory = mkdtempSync(join(tmpdir(), "soak-"));
  const [port = 0, wsPort = 0, databasePort = 0] = await freePorts(3);
  const endpoint = `http://127.0.0.1:${databasePort}`;
  const read = readSettings({
    ...{ PORT: String(port), WS_PORT: String(wsPort), ...process.env },
    ...{ LOCAL_DIRECTORY: directory, DYNAMODB_ENDPOINT: endpoint },
  });
  const settings = { ...read, hasTimeLimits: false };
  const problem = await firstProblem(settings);
  if (problem !== undefined) throw new Error(problem);
  writeFileSync(join(directory, "accounts.json"), JSON.stringify(soakAccounts()), { mode: 0o600 });
  const heapFile = join(directory, "heap.jsonl");
  process.env["SOAK_HEAP_FILE"] = heapFile;
  process.env["NODE_OPTIONS"] =
    `--no-warnings --import=${fileURLToPath(new URL("heap-probe.ts", import.meta.url))}`;
  const processes = ownedProcesses();
  const children: ChildProcess[] = [];
  const adopt: typeof processes.adopt = (child, line) => {
    children.push(child);
    processes.adopt(child, line);
  };
  const ending = new AbortController();
  const data = options.isToSurvive ? mkdtempSync(join(QUICK_DISK, "soak-")) : undefined;
  const database = await startDatabase({
    port: databasePort,
    ...(data === undefined ? {} : { directory: data }),
  });
  const end = async () => {
    ending.abort();
    await processes.end();
    await database.end();
    removeRunFiles(settings);
    for (const folder of [directory, data]) if (folder !== undefined) rmSync(folder, { recursive: true });
  };
  try {
    const starting = startStack(settings, { ...processes, adopt }, ending.signal);
    const accounts = await Promise.race([starting, processes.failure]);
    const [server] = children;
    if (server === undefined) throw new Error("The functions have no process.");
    const log = `${settings.runDirectory}server.log`;
    const baseUrl = `http://127.0.0.1:${settings.port}`;
    return { baseUrl, accounts, database, server, heapFile, log, failure: processes.failure, end };
  } catch (error) {
    await end();
    throw error;
  }
}
