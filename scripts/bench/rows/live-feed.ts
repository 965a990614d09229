/** Row 11: from an action to the live feed, under `npm start`, on ports and in a directory of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { freePort } from "../../local/ports.ts";
import type { Row } from "../row.ts";

const TARGET_MS = 500;
const READY_MS = 180_000;

/** Five feeds look on while forty things are done. */
const LOAD = { CONNECTIONS: "5", ACTIONS: "40", PAUSE_MS: "250" };

export async function measure(): Promise<readonly Row[]> {
  const directory = mkdtempSync(join(tmpdir(), "active-session-bench-"));
  const ports = { PORT: String(await freePort()), WS_PORT: String(await freePort()) };
  const stack = spawn(process.execPath, ["scripts/start.ts"], {
    env: { ...process.env, ...ports, LOCAL_DIRECTORY: directory },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await ready(stack.stdout);
    const p95Ms = await delays(join(directory, "demo.json"));
    return [
      {
        name: "11. from the answer of an action to the live feed, under npm start, p95",
        figure: `${p95Ms} ms`,
        peer: null,
        ratio: null,
        target: `≤ ${TARGET_MS} ms`,
        limit: "the stream's poll",
        reached: p95Ms <= TARGET_MS,
      },
    ];
  } finally {
    stack.kill("SIGINT");
    if (stack.exitCode === null) await once(stack, "exit");
    rmSync(directory, { recursive: true, force: true });
  }
}

async function ready(stdout: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let said = "";
    stdout.on("data", (chunk) => {
      said += String(chunk);
      if (said.includes("is ready after")) resolve();
    });
    stdout.on("end", () => reject(new Error(`npm start ended: ${said}`)));
    setTimeout(() => reject(new Error(`npm start was not ready in ${READY_MS / 1000} s.`)), READY_MS).unref();
  });
  stdout.resume();
}

async function delays(demoFile: string): Promise<number> {
  const child = spawn(process.execPath, ["scripts/bench/live-feed.ts", demoFile], {
    env: { ...process.env, ...LOAD },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = await text(child.stdout);
  const p95Ms = Number(/p95 ([\d.]+) ms/.exec(said)?.[1]);
  if (Number.isNaN(p95Ms)) throw new Error(`The feeds could not be measured: ${said}`);
  return p95Ms;
}
