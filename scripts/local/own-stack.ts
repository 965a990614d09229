import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "./ports.ts";

const READY_MS = 300_000;

/** A whole local run, as `npm start` makes it, on ports and in a directory of its own. */
export interface OwnStack {
  readonly demoFile: string;
  stop(): Promise<void>;
}

/** Starts one, and comes back when it is ready. @throws Error with what it said where it is not, after five minutes */
export async function startOwnStack(): Promise<OwnStack> {
  const [port = 0, wsPort = 0] = await freePorts(2);
  const directory = mkdtempSync(join(tmpdir(), "active-session-"));
  // Whoever starts it may have a database and options of their own.
  const { DYNAMODB_ENDPOINT: _database, NODE_OPTIONS: _options, ...inherited } = process.env;
  const launcher = spawn(process.execPath, ["scripts/start.ts"], {
    env: { ...inherited, LOCAL_DIRECTORY: directory, PORT: String(port), WS_PORT: String(wsPort) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    launcher.kill("SIGINT");
    if (launcher.exitCode === null) await once(launcher, "exit");
    rmSync(directory, { recursive: true, force: true });
    rmSync(`.local/${port}`, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((resolve, reject) => {
      let said = "";
      const hear = (chunk: Buffer) => {
        said += chunk;
        if (said.includes("is ready after")) resolve();
      };
      launcher.stdout.on("data", hear);
      launcher.stderr.on("data", hear);
      launcher.once("exit", () => reject(new Error(`The stack did not start: ${said}`)));
      setTimeout(() => reject(new Error(`The stack was not ready in time: ${said}`)), READY_MS).unref();
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { demoFile: join(directory, "demo.json"), stop };
}
