import type { Atto } from "../decimal.ts";
import { type Holding, holdingsIn, sessionLives } from "./holdings.ts";
import type { Attachment, GaugeReading, Meters, Period, SessionSpan } from "./usage.ts";

/** A gauge stood at `level` while one session, or nobody, held its resource. Level zero has no span. */
export interface LevelSpan extends Holding {
  readonly level: Atto;
}

/** The spans of one gauge of one resource, in the order of time. */
export interface GaugeSeries {
  readonly resourceId: string;
  readonly meter: string;
  readonly spans: Iterable<LevelSpan>;
}

/** What is known of gauges. Readings from before the period carry their level in. */
export interface GaugeInput {
  readonly period: Period;
  readonly meters: Meters;
  readonly sessions: readonly SessionSpan[];
  readonly attachments: readonly Attachment[];
  readonly gauges: readonly GaugeReading[];
}

/** Every gauge series of the period, cut where the level or the holder changes. Meters of other kinds are left out. */
export function* gaugeSeries(input: GaugeInput): Generator<GaugeSeries> {
  const lives = sessionLives(input.sessions);
  const attachments = Map.groupBy(input.attachments, (attachment) => attachment.resourceId);
  for (const [resourceId, readings] of Map.groupBy(input.gauges, (reading) => reading.resourceId)) {
    const holdings = holdingsIn(input.period, attachments.get(resourceId) ?? [], lives);
    for (const [meter, series] of Map.groupBy(readings, (reading) => reading.meter)) {
      if (input.meters.get(meter) !== "gauge") continue;
      yield { resourceId, meter, spans: levelSpans(input.period, series.sort(byTimeThenId), holdings) };
    }
  }
}

/** Walks levels and holdings side by side, so that the work is the sum of both and not their product. */
function* levelSpans(
  period: Period,
  readings: readonly GaugeReading[],
  holdings: readonly Holding[],
): Generator<LevelSpan> {
  let first = 0;
  for (const { startAtMs, endAtMs, level } of levelsIn(period, readings)) {
    while ((holdings[first]?.endAtMs ?? Number.POSITIVE_INFINITY) <= startAtMs) first += 1;
    for (let place = first; place < holdings.length; place += 1) {
      const holding = holdings[place];
      if (holding === undefined || holding.startAtMs >= endAtMs) break;
      yield {
        startAtMs: Math.max(startAtMs, holding.startAtMs),
        endAtMs: Math.min(endAtMs, holding.endAtMs),
        holder: holding.holder,
        level,
      };
    }
  }
}

/** The spans of the period with a level above zero; each lasts until the next reading. */
function* levelsIn(
  period: Period,
  readings: readonly GaugeReading[],
): Generator<Period & { readonly level: Atto }> {
  for (const [place, { atMs, level }] of readings.entries()) {
    const startAtMs = Math.max(atMs, period.startAtMs);
    const endAtMs = Math.min(readings[place + 1]?.atMs ?? period.endAtMs, period.endAtMs);
    if (level > 0n && startAtMs < endAtMs) yield { startAtMs, endAtMs, level };
  }
}

/** Of two readings at one instant the greater id comes last and holds; of one id twice, the greater level. */
function byTimeThenId(a: GaugeReading, b: GaugeReading): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  if (a.level === b.level) return 0;
  return a.level < b.level ? -1 : 1;
}
