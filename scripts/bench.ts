/**
 * `npm run bench`: the product beside what one would pick instead, in one run: interleaved, the median of repetitions,
 * as ratios. Each module of `bench/rows` runs in a process of its own. `-- --json` prints JSON; names after it
 * (`-- permission calls`) run those modules alone, and only a whole run writes `docs/benchmarks.md`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { benchmarksPage, table } from "./bench/report.ts";
import type { Row } from "./bench/row.ts";

const MODULES = [
  "request-cpu",
  "calls",
  "cold-start",
  "permission",
  "roll-up",
  "ingest",
  "sealing",
  "live-feed",
];

const asJson = process.argv.includes("--json");
const named = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = named.find((name) => !MODULES.includes(name));
if (unknown !== undefined) throw new Error(`There is no ${unknown}: ${MODULES.join(", ")}.`);

const rows: Row[] = [];
for (const name of named.length === 0 ? MODULES : named) {
  if (!asJson) console.error(`measuring ${name} …`);
  rows.push(
    ...(await measured(name)
      .catch(() => measured(name))
      .catch(unmeasured)),
  );
}
rows.sort((one, other) => Number.parseInt(one.name, 10) - Number.parseInt(other.name, 10));
if (named.length === 0) writeFileSync("docs/benchmarks.md", benchmarksPage(rows));
console.log(asJson ? JSON.stringify({ rows }, null, 2) : table(rows));

/** What could not be measured says so: the machine may be too busy for it. */
function unmeasured(cause: unknown): readonly Row[] {
  const name = cause instanceof Error ? cause.message : String(cause);
  return [{ name, figure: "—", peer: null, ratio: null, target: "—", limit: "—", reached: false }];
}

async function measured(name: string): Promise<readonly Row[]> {
  const script = fileURLToPath(new URL("bench/run-rows.ts", import.meta.url));
  // Rows come by a pipe of their own: what peers say on the way stays out of them.
  const child = spawn(process.execPath, ["--expose-gc", script, name], { stdio: ["ignore", 2, 2, "pipe"] });
  const [answer, [status]] = await Promise.all([text(child.stdio[3] as never), once(child, "exit")]);
  if (status !== 0) throw new Error(`${name} could not be measured.`);
  return JSON.parse(answer);
}
