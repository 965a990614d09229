/** `npm run demo`: a day of three tenants through the API, on real records and live (contract section 13). */
import { readFile } from "node:fs/promises";
import { playHistory } from "./demo/play-history.ts";
import { type DemoTenant, playLive } from "./demo/play-live.ts";
import { type DemoReport, reportText } from "./demo/report.ts";
import type { DemoUser } from "./local/accounts.ts";
import { firstProblem } from "./local/checks.ts";
import { freePorts } from "./local/ports.ts";
import { ownedProcesses } from "./local/processes.ts";
import { readSettings, type Settings } from "./local/settings.ts";
import { startStack } from "./local/stack.ts";
import { removeRunFiles } from "./local/stack-files.ts";

/** What the demo needs of `.local/demo.json`. */
interface DemoFile {
  readonly baseUrl: string;
  readonly operator: DemoUser;
  readonly tenants: readonly DemoTenant[];
}

const asJson = process.argv.includes("--json");
const say = (line: string) => process.stderr.write(`${line}\n`);

const running = await runningStack();
if (running === undefined) await onOwnStack();
else await play(running);

async function play({ baseUrl, operator, tenants }: DemoFile): Promise<void> {
  const reports: DemoReport[] = [await playHistory(baseUrl, operator, say)];
  for (const tenant of tenants) reports.push(await playLive(baseUrl, { operator, tenant }, say));
  process.stdout.write(
    asJson ? `${JSON.stringify(jsonOf(reports), null, 2)}\n` : `${reports.map(reportText).join("\n")}\n`,
  );
}

/** All tenants' documents together, and each tenant's by itself. */
function jsonOf(reports: readonly DemoReport[]) {
  return {
    sessions: reports.flatMap(({ sessions }) => sessions),
    denied: reports.flatMap(({ denied }) => denied),
    alerts: reports.flatMap(({ alerts }) => alerts),
    invoices: reports.flatMap(({ invoices }) => invoices),
    tenants: reports,
  };
}

/** The stack of `.local/demo.json`, where it answers. */
async function runningStack(): Promise<DemoFile | undefined> {
  try {
    const demo = JSON.parse(await readFile(demoPath(readSettings(process.env)), "utf8")) as DemoFile;
    return (await fetch(`${demo.baseUrl}/health`)).status === 200 ? demo : undefined;
  } catch {
    return undefined;
  }
}

function demoPath(settings: Settings): string {
  return `${settings.directory}demo.json`;
}

/** Starts a stack on free ports, with nothing of it left in the way of another, and stops it again. */
async function onOwnStack(): Promise<void> {
  const [port, wsPort] = await freePorts(2);
  const settings = readSettings({ ...process.env, PORT: String(port), WS_PORT: String(wsPort) });
  const problem = await firstProblem(settings);
  if (problem !== undefined) return fail(problem);
  const processes = ownedProcesses();
  const ending = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => ending.abort());
  const interrupted = new Promise<never>((_, reject) => {
    ending.signal.addEventListener("abort", () => reject(new Error("Interrupted.")));
  });
  interrupted.catch(() => undefined);
  try {
    say("Starting a stack of its own");
    const work = startStack(settings, processes, ending.signal).then((accounts) =>
      play({ ...accounts, baseUrl: `http://localhost:${port}` }),
    );
    await Promise.race([work, processes.failure, interrupted]);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  } finally {
    ending.abort();
    await processes.end();
    removeRunFiles(settings);
  }
  process.exit();
}

function fail(line: string): void {
  say(line);
  process.exitCode = 1;
}
