import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { chance } from "./chance.ts";

/** Events of the measured file. */
export const EVENTS = 1_000_000;

const SESSIONS = 1000;
const METERS = ["cpu", "memory", "storage", "network"];
const START_MS = Date.UTC(2026, 9, 1);
const LINES_A_WRITE = 10_000;

/** Writes a month's usage events, as `sumUsageFile` takes them; the same each time. */
export async function writeUsageFile(path: string): Promise<void> {
  const file = createWriteStream(path);
  const random = chance(5);
  const next = (below: number) => Math.floor(random() * below);
  for (let from = 0; from < EVENTS; from += LINES_A_WRITE) {
    const lines = Array.from({ length: LINES_A_WRITE }, (_, index) => {
      const place = from + index;
      const time = new Date(START_MS + place * 2678).toISOString();
      const value = `${next(1000)}.${String(next(1_000_000)).padStart(6, "0")}`;
      return `${time},agent-${next(20)},e${place},res_${next(500)},ses_${next(SESSIONS)},${METERS[next(4)]},${value}\n`;
    });
    if (!file.write(lines.join(""))) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}
