import { readFileSync } from "node:fs";
import { quantile } from "../bench/quantile.ts";
import type { Kept } from "./check-kept.ts";
import { type MemorySample, type Trend, trendOf } from "./memory.ts";
import { type Away, isInOutage, type Outcome } from "./tally.ts";

/** What is left after a collection may not grow faster, once caches are full: what a day would add fits a machine. */
const HEAP_MIB_A_MINUTE_MAX = 1;

/** Caches hold what is good for five minutes at the longest; from the middle of a run on, they are full. */
const MEASURED_FROM = 0.5;

const SAID = { level: "no, for sure", grows: "YES, for sure", "not told": "not told by so short a run" };

const UNEXPLAINED_SHOWN = 20;

/** What a soak has seen. */
export interface Seen {
  readonly seconds: number;
  readonly workers: number;
  readonly outcomes: readonly Outcome[];
  readonly unexplained: readonly Outcome[];
  readonly away: readonly Away[];
  readonly samples: readonly MemorySample[];
  /** Those that were taken while nobody worked. */
  readonly kept: readonly Kept[];
  readonly messages: number;
  /** The functions' log. */
  readonly log: string;
}

/** A soak's result. */
export interface Report {
  readonly held: boolean;
  readonly seconds: number;
  readonly workers: number;
  readonly requests: number;
  readonly requestsASecond: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly liveMessages: number;
  readonly kinds: readonly KindRow[];
  readonly outages: readonly OutageRow[];
  readonly memory: {
    readonly heap: Trend;
    readonly rss: Trend;
    readonly own: Trend;
    readonly verdict: "level" | "grows" | "not told";
  };
  readonly samples: readonly MemorySample[];
  readonly unexplained: readonly (Outcome & { readonly line?: string })[];
  readonly unexplainedCount: number;
  readonly givenUp: number;
  readonly kept: readonly Kept[];
}

interface KindRow {
  readonly kind: string;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

interface OutageRow {
  readonly form: Away["form"];
  readonly seconds: number;
  /** Answers 503 while it lasted, and the longest that one of them took. */
  readonly unavailable: number;
  readonly slowestMs: number;
  /** Successes of the middle of it: none of them may have needed the database. */
  readonly successes: readonly string[];
  /** From its end to the first success of each kind, the longest of these. */
  readonly resumedAfterMs: number;
}

/** Puts together what was seen, and says whether it held. */
export function reportOf(seen: Seen): Report {
  const steady = steadyOf(seen.samples);
  const heap = trendOf(steady, "heapMiB");
  const memory = {
    ...{ heap, rss: trendOf(steady, "rssMiB"), own: trendOf(steady, "ownRssMiB") },
    verdict: verdictOn(heap),
  };
  const lines = readFileSync(seen.log, "utf8").split("\n");
  const givenUp = lines.filter((line) => line.includes(" gave up on ")).length;
  const served = seen.outcomes.filter(({ kind }) => kind !== "check");
  const isKept = seen.kept.every(({ wrong }) => wrong.length === 0);
  return {
    held: memory.verdict !== "grows" && isKept && givenUp === 0 && seen.unexplained.length === 0,
    ...{ seconds: seen.seconds, workers: seen.workers, requests: served.length },
    requestsASecond: Math.round(served.length / seen.seconds),
    answers: countBy(served, ({ status }) => classOf(status)),
    liveMessages: seen.messages,
    kinds: kindRows(served, seen.away),
    outages: seen.away.map((away) => outageRow(away, served)),
    memory,
    samples: seen.samples,
    unexplained: seen.unexplained.slice(0, UNEXPLAINED_SHOWN).map((outcome) => withLine(outcome, lines)),
    unexplainedCount: seen.unexplained.length,
    givenUp,
    kept: seen.kept,
  };
}

function steadyOf(samples: readonly MemorySample[]): readonly MemorySample[] {
  return samples.slice(Math.floor(samples.length * MEASURED_FROM));
}

/** What is sure of the slope at two standard errors; a short run tells neither. */
function verdictOn({ mibAMinute, errorMibAMinute }: Trend): Report["memory"]["verdict"] {
  if (mibAMinute + 2 * errorMibAMinute <= HEAP_MIB_A_MINUTE_MAX) return "level";
  return mibAMinute - 2 * errorMibAMinute > HEAP_MIB_A_MINUTE_MAX ? "grows" : "not told";
}

function classOf(status: number): string {
  if (status === 503) return "503";
  return status === 0 ? "none" : `${Math.floor(status / 100)}xx`;
}

function countBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): Record<string, number> {
  const counts = Map.groupBy(items, nameOf);
  return Object.fromEntries(Array.from(counts, ([name, of]) => [name, of.length] as const).toSorted());
}

function kindRows(outcomes: readonly Outcome[], away: readonly Away[]): readonly KindRow[] {
  const steady = outcomes.filter((outcome) => !isInOutage(outcome, away));
  return Array.from(
    Map.groupBy(steady, ({ kind }) => kind),
    ([kind, of]) => {
      const times = of.map(({ tookMs }) => tookMs);
      const quantiles = {
        p50Ms: quantile(times, 0.5),
        p95Ms: quantile(times, 0.95),
        p99Ms: quantile(times, 0.99),
      };
      return { kind, requests: of.length, ...quantiles };
    },
  ).toSorted((one, other) => other.requests - one.requests);
}

function outageRow({ form, fromMs, toMs }: Away, outcomes: readonly Outcome[]): OutageRow {
  const within = outcomes.filter(({ atMs, tookMs }) => atMs >= fromMs && atMs + tookMs <= toMs);
  const unavailable = within.filter(({ status }) => status === 503);
  const successes = within.filter(({ status }) => status >= 200 && status < 300);
  const after = Map.groupBy(
    outcomes.filter(({ atMs, tookMs, status }) => status < 300 && atMs + tookMs > toMs),
    ({ kind }) => kind,
  );
  const first = Array.from(after.values(), (of) =>
    Math.min(...of.map(({ atMs, tookMs }) => atMs + tookMs - toMs)),
  );
  return {
    form,
    seconds: Math.round((toMs - fromMs) / 100) / 10,
    unavailable: unavailable.length,
    slowestMs: Math.round(Math.max(0, ...unavailable.map(({ tookMs }) => tookMs))),
    successes: Object.entries(countBy(successes, ({ kind }) => kind)).map(
      ([kind, count]) => `${count} ${kind}`,
    ),
    resumedAfterMs: Math.round(first.toSorted((a, b) => a - b)[0] ?? Number.NaN),
  };
}

function withLine(outcome: Outcome, lines: readonly string[]): Outcome & { readonly line?: string } {
  const line = outcome.requestId === "" ? undefined : lines.find((text) => text.includes(outcome.requestId));
  return line === undefined ? outcome : { ...outcome, line: line.slice(0, 2000) };
}

/** The result as a person reads it. */
export function reportText(report: Report): string {
  const { memory } = report;
  return [
    `${report.requests} requests of ${report.workers} workers in ${report.seconds} s, ${report.requestsASecond} a second; ` +
      `${report.liveMessages} messages over live feeds`,
    `answers: ${Object.entries(report.answers)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ")}`,
    "",
    row(["kind", "requests", "p50 ms", "p95 ms", "p99 ms"]),
    ...report.kinds.map(({ kind, requests, p50Ms, p95Ms, p99Ms }) =>
      row([kind, requests, p50Ms, p95Ms, p99Ms]),
    ),
    "",
    row(["memory, second half", "from MiB", "to MiB", "MiB/min", "+/-"]),
    trendRow("heap after collections", memory.heap),
    trendRow("functions' RSS", memory.rss),
    trendRow("load and streams' RSS", memory.own),
    `growth of the heap by more than ${HEAP_MIB_A_MINUTE_MAX} MiB a minute: ${SAID[memory.verdict]}`,
    "",
    ...report.outages.map(outageText),
    ...report.kept.map(keptText),
    `given up by the streams: ${report.givenUp}`,
    `unexplained: ${report.unexplainedCount}`,
    ...report.unexplained.map((outcome) => `  ${JSON.stringify(outcome)}`),
    "",
    report.held ? "It held." : "It did NOT hold.",
  ].join("\n");
}

function row([name, ...cells]: readonly (string | number)[]): string {
  return `${String(name).padEnd(24)}${cells.map((cell) => String(cell).padStart(10)).join("")}`;
}

function trendRow(name: string, { fromMiB, toMiB, mibAMinute, errorMibAMinute }: Trend): string {
  return row([name, fromMiB.toFixed(1), toMiB.toFixed(1), mibAMinute.toFixed(2), errorMibAMinute.toFixed(2)]);
}

function outageText({ form, seconds, unavailable, slowestMs, successes, resumedAfterMs }: OutageRow): string {
  return (
    `database ${form} for ${seconds} s: ${unavailable} answers 503, the slowest after ${slowestMs} ms; ` +
    `without it: ${successes.join(", ") || "nothing"}; first success ${resumedAfterMs} ms after it was back`
  );
}

function keptText({ what, looked, wrong }: Kept): string {
  const some = wrong.slice(0, 10).map((line) => `\n  ${line}`);
  return `${what}: ${looked} answered, ${wrong.length} not so afterwards${some.join("")}`;
}
