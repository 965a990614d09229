import type { IncomingEvent } from "../../../lib/usage/check-event.ts";
import type { Attachment } from "../../../lib/usage/usage.ts";
import { MINUTE } from "./platform-simulator.ts";

const HOUR_MINUTES = 60;

/** What a platform's usage follows from: lives as they are known, and the events that count, each once. */
export interface Known {
  readonly sessions: readonly {
    readonly sessionId: string;
    readonly startedAtMs: number;
    readonly endedAtMs: number | null;
  }[];
  readonly attachments: readonly Attachment[];
  readonly events: readonly IncomingEvent[];
}

/** The whole units of usage by `meter resource session hour`. */
export type Usage = Readonly<Record<string, bigint>>;

/** A period of full hours, in which everything happens on full minutes. */
export interface Span {
  readonly startAtMs: number;
  readonly endAtMs: number;
}

type Lives = ReadonlyMap<string, Known["sessions"][number]>;

/**
 * Usage by painting minutes: each reading paints its level from its minute to the end, each attachment its session,
 * the last attached first. Nothing is shared with the code that it is the judge of.
 */
export function modelOf(known: Known, span: Span): Usage {
  const lives = new Map(known.sessions.map((session) => [session.sessionId, session]));
  const used: Record<string, bigint> = {};
  const add = (key: string, whole: bigint) => {
    if (whole > 0n) used[key] = (used[key] ?? 0n) + whole;
  };
  const gauges = known.events.filter(isGauge);
  for (const [resourceId, readings] of Map.groupBy(gauges, (event) => event.resourceId)) {
    const attached = known.attachments.filter((one) => one.resourceId === resourceId);
    const holders = paintHolders(attached, lives, span);
    for (const [meter, series] of Map.groupBy(readings, (event) => event.meter)) {
      for (const [minute, level] of paintLevels(series, span).entries()) {
        const hour = Math.floor(minute / HOUR_MINUTES);
        add(`${meter} ${resourceId} ${holders[minute]} ${hour}`, level * BigInt(MINUTE));
      }
    }
  }
  for (const [key, amounts] of amountsByKey(known.events, lives, span)) add(key, aggregated(key, amounts));
  return used;
}

const isGauge = ({ meter }: IncomingEvent) => meter === "cpu" || meter === "storage";

const minutesIn = ({ startAtMs, endAtMs }: Span) => (endAtMs - startAtMs) / MINUTE;

const minuteOf = (span: Span, atMs: number) =>
  Math.min(minutesIn(span), Math.max(0, Math.floor((atMs - span.startAtMs) / MINUTE)));

function paintHolders(attached: readonly Attachment[], lives: Lives, span: Span): readonly string[] {
  const holders = new Array<string>(minutesIn(span)).fill("nobody");
  for (const { sessionId, fromAtMs, toAtMs } of attached
    .toSorted((a, b) => a.fromAtMs - b.fromAtMs)
    .toReversed()) {
    const life = lives.get(sessionId);
    if (life === undefined) continue;
    const from = Math.max(fromAtMs, life.startedAtMs);
    const until = Math.min(toAtMs ?? span.endAtMs, life.endedAtMs ?? span.endAtMs);
    holders.fill(sessionId, minuteOf(span, from), minuteOf(span, until));
  }
  return holders;
}

function paintLevels(readings: readonly IncomingEvent[], span: Span): readonly bigint[] {
  const levels = new Array<bigint>(minutesIn(span)).fill(0n);
  const inOrder = readings.toSorted((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
  for (const { atMs, value } of inOrder) levels.fill(value, minuteOf(span, atMs));
  return levels;
}

function amountsByKey(
  events: readonly IncomingEvent[],
  lives: Lives,
  { startAtMs, endAtMs }: Span,
): ReadonlyMap<string, readonly bigint[]> {
  const amounts = new Map<string, bigint[]>();
  for (const event of events) {
    const { meter, resourceId, sessionId = "", atMs, value } = event;
    if (isGauge(event) || atMs < startAtMs || atMs >= endAtMs) continue;
    const life = lives.get(sessionId);
    const isIn = life !== undefined && life.startedAtMs <= atMs && (life.endedAtMs ?? endAtMs) > atMs;
    const hour = Math.floor((atMs - startAtMs) / (HOUR_MINUTES * MINUTE));
    const key = `${meter} ${resourceId} ${isIn ? sessionId : "nobody"} ${hour}`;
    amounts.set(key, [...(amounts.get(key) ?? []), value]);
  }
  return amounts;
}

function aggregated(key: string, amounts: readonly bigint[]): bigint {
  const [meter] = key.split(" ");
  if (meter === "calls") return BigInt(amounts.length);
  if (meter === "visitors") return BigInt(new Set(amounts).size);
  if (meter === "peak") return amounts.toSorted((a, b) => (a < b ? 1 : -1))[0] ?? 0n;
  return amounts.reduce((sum, one) => sum + one, 0n);
}
