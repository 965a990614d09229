/** Row 7: the exact roll-up of 1,000,000 usage events, from the file to the sums. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inItsOwn, type OwnProcess, type Told } from "../in-its-own.ts";
import { median } from "../interleave.ts";
import { type Row, rounded, shown } from "../row.ts";
import { EVENTS, writeUsageFile } from "../usage-file.ts";

const ROUNDS = 5;

const NAMES = {
  ours: "own-roll-up",
  decimal: "decimal-roll-up",
  duckdb: "duckdb-roll-up",
  bytes: "read-file",
};

/** @throws Error where two of them come to different sums */
export async function measure(): Promise<readonly Row[]> {
  const directory = mkdtempSync(join(tmpdir(), "active-session-bench-"));
  const file = join(directory, "usage.csv");
  const processes = Object.entries(NAMES).map(([name, module]) =>
    inItsOwn(name, module, { clock: "wall", file }),
  );
  try {
    await writeUsageFile(file);
    const told = await inTurn(processes);
    agree(processes);
    return rowsOf(told, processes);
  } finally {
    for (const { stop } of processes) stop();
    rmSync(directory, { recursive: true });
  }
}

/** The median seconds of one of them. Where two threads work, the CPU says nothing of how long it takes. */
type Seconds = (name: keyof typeof NAMES, clock?: "cpuMs" | "wallMs") => number;

async function inTurn(processes: readonly OwnProcess[]): Promise<Seconds> {
  const told = new Map<string, Told[]>(processes.map(({ name }) => [name, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const { name, tookMs, last } of processes) {
      await tookMs(1);
      const said = last();
      // The first round warms up.
      if (round >= 0 && said !== undefined) told.get(name)?.push(said);
    }
  }
  return (name, clock = "wallMs") => median((told.get(name) ?? []).map((said) => said[clock])) / 1000;
}

function rowsOf(seconds: Seconds, processes: readonly OwnProcess[]): readonly Row[] {
  const decimal = seconds("decimal", "cpuMs") / seconds("ours", "cpuMs");
  const peakMiB = (name: string) =>
    (processes.find((each) => each.name === name)?.last()?.peakBytes ?? Number.NaN) / 2 ** 20;
  const common = {
    figure: `${rounded(seconds("ours"))} s, ${shown(EVENTS / seconds("ours"))} events a second`,
    limit: `${rounded(seconds("bytes"))} s: reading the bytes`,
  };
  const share = seconds("ours") / seconds("duckdb");
  return [
    {
      ...common,
      name: `7. exact roll-up of ${EVENTS.toLocaleString("en")} usage events, from file to sums`,
      figure: `${rounded(seconds("ours", "cpuMs"))} s of CPU`,
      peer: `decimal.js fold: ${rounded(seconds("decimal", "cpuMs"))} s of CPU`,
      ratio: rounded(decimal),
      target: "≥ 7×",
      reached: decimal >= 7,
    },
    {
      ...common,
      name: "7. the same, its share of DuckDB's time",
      peer: `DuckDB with 2 threads: ${rounded(seconds("duckdb"))} s`,
      ratio: rounded(share),
      target: "≤ 1.2× of its time",
      reached: share <= 1.2,
    },
    {
      name: "7. the same, its peak memory",
      figure: `${rounded(peakMiB("ours"))} MiB`,
      peer: `DuckDB: ${rounded(peakMiB("duckdb"))} MiB`,
      ratio: rounded(peakMiB("duckdb") / peakMiB("ours")),
      target: "under DuckDB's",
      limit: `${rounded(peakMiB("bytes"))} MiB: a process that reads the bytes`,
      reached: peakMiB("ours") < peakMiB("duckdb"),
    },
  ];
}

function agree(processes: readonly OwnProcess[]): void {
  const digests = processes
    .filter(({ name }) => name !== "bytes")
    .map(({ name, last }) => [name, digest(last()?.result ?? [])] as const);
  if (new Set(digests.map(([, hash]) => hash)).size !== 1)
    throw new Error(`The sums differ: ${digests.join("; ")}.`);
}

function digest(lines: readonly string[]): string {
  return createHash("sha256").update(lines.toSorted().join("\n")).digest("hex");
}
