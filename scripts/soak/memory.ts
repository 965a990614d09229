import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

const MIB = 2 ** 20;
const SAMPLE_EVERY_MS = 5000;

/** What a process had in use at a moment, in MiB. */
export interface MemorySample {
  readonly atMs: number;
  /** What the functions' process holds of the machine's memory. */
  readonly rssMiB: number;
  /** What is left in its heap after a collection, with the buffers outside of it. */
  readonly heapMiB: number;
  /** The soak's own, which drives the load and follows the streams. */
  readonly ownRssMiB: number;
  readonly databaseRssMiB: number;
}

/** What is sampled. */
export interface Watched {
  readonly server: ChildProcess;
  readonly heapFile: string;
  readonly databasePid: () => number;
}

/** Looks every 5 s until the signal comes; the samples are added as they are taken. */
export async function sampleMemory(
  watched: Watched,
  signal: AbortSignal,
  samples: MemorySample[],
): Promise<void> {
  while (!signal.aborted) {
    const sample = await sampleOnce(watched);
    if (sample !== undefined) samples.push(sample);
    await wait(SAMPLE_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function sampleOnce({ server, heapFile, databasePid }: Watched): Promise<MemorySample | undefined> {
  const before = heapLines(heapFile).length;
  server.kill("SIGUSR2");
  for (let tries = 0; tries < 100; tries++) {
    await wait(50);
    const lines = heapLines(heapFile);
    const line = lines.length > before ? lines.at(-1) : undefined;
    if (line === undefined) continue;
    const usage = JSON.parse(line) as NodeJS.MemoryUsage;
    return {
      atMs: Date.now(),
      rssMiB: usage.rss / MIB,
      heapMiB: (usage.heapUsed + usage.external) / MIB,
      ownRssMiB: process.memoryUsage.rss() / MIB,
      databaseRssMiB: rssOf(databasePid()),
    };
  }
  return undefined;
}

function heapLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}

function rssOf(pid: number): number {
  try {
    const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kib) / 1024;
  } catch {
    // The system has no /proc, or the process is gone.
    return Number.NaN;
  }
}

/** How a figure went over time: its beginning and end by the line that fits it best, and that line's slope. */
export interface Trend {
  readonly fromMiB: number;
  readonly toMiB: number;
  readonly mibAMinute: number;
  /** The standard error of the slope: what is under way when it is looked at makes it scatter. */
  readonly errorMibAMinute: number;
}

type Figure = "rssMiB" | "heapMiB" | "ownRssMiB";

/** Fits a line to samples by least squares. */
export function trendOf(samples: readonly MemorySample[], figure: Figure): Trend {
  const first = samples[0]?.atMs ?? 0;
  const points = samples.map((sample) => ({ x: (sample.atMs - first) / 60_000, y: sample[figure] }));
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const covariance = mean(points.map(({ x, y }) => (x - meanX) * (y - meanY)));
  const variance = mean(points.map(({ x }) => (x - meanX) ** 2));
  const slope = variance === 0 ? 0 : covariance / variance;
  const at = (x: number) => meanY + slope * (x - meanX);
  const residual = mean(points.map(({ x, y }) => (y - at(x)) ** 2));
  const error = Math.sqrt(residual / variance / (points.length - 2));
  return {
    ...{ fromMiB: at(0), toMiB: at(points.at(-1)?.x ?? 0), mibAMinute: slope },
    errorMibAMinute: points.length > 2 ? error : Number.POSITIVE_INFINITY,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
