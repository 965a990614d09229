/** `npm start`: the whole product on this machine (contract section 13). Ctrl-C ends all of it. */
import { firstProblem } from "./local/checks.ts";
import { ownedProcesses } from "./local/processes.ts";
import { readyBlock } from "./local/ready-block.ts";
import { readSettings, type Settings, SettingsError } from "./local/settings.ts";
import { startStack } from "./local/stack.ts";
import { removeRunFiles } from "./local/stack-files.ts";

const startedAtMs = performance.now();
const settings = settingsOrExit();
const problem = await firstProblem(settings);
if (problem !== undefined) exitWith(problem);

const processes = ownedProcesses();
const ending = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => void end(0));
endWithParent();

try {
  const accounts = await Promise.race([startStack(settings, processes, ending.signal), processes.failure]);
  process.stdout.write(readyBlock(settings, accounts, performance.now() - startedAtMs));
  await processes.failure;
} catch (error) {
  if (!ending.signal.aborted) process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  await end(1);
}

async function end(status: number): Promise<void> {
  if (ending.signal.aborted) return;
  ending.abort();
  await processes.end();
  removeRunFiles(settings);
  process.exit(status);
}

/** npm may be ended in a way that it cannot pass on: nothing of the stack stays behind then either. */
function endWithParent(): void {
  if (process.env["npm_lifecycle_event"] !== "start") return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void end(1);
  }, 1000).unref();
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsError) return exitWith(error.message);
    throw error;
  }
}

function exitWith(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
