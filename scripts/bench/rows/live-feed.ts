/** Row 11: from an action to the live feed, under `npm start`, on ports and in a directory of its own. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { startOwnStack } from "../../local/own-stack.ts";
import type { Row } from "../row.ts";

const TARGET_MS = 500;

/** Five feeds look on while forty things are done. */
const LOAD = { CONNECTIONS: "5", ACTIONS: "40", PAUSE_MS: "250" };

export async function measure(): Promise<readonly Row[]> {
  const stack = await startOwnStack();
  try {
    const p95Ms = await delays(stack.demoFile);
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
    await stack.stop();
  }
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
