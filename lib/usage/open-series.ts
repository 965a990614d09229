import type { EpochMs } from "../time.ts";
import type { SessionSpan } from "./usage.ts";
import { hourOf, type Series } from "./usage-event.ts";

/** An hour in which something has changed since it was rolled up, or may still be changing. */
export interface DirtyHour {
  readonly hourMs: EpochMs;
  /** When a change was last announced. */
  readonly touchedAtMs: EpochMs;
}

/**
 * A series of which something is not rolled up for good. A series that is not open has its every hour in the stored
 * days, and its level is 0 ever after.
 */
export interface OpenSeries extends Series {
  /** Rows are stored for every hour before this one; absent before the first roll-up. */
  readonly rolledUpToMs?: EpochMs;
  readonly dirty: readonly DirtyHour[];
  /** The sessions that were taken to be alive when its hours were rolled up, or whose end was not written yet. */
  readonly aliveSessionIds: readonly string[];
  /** Counts the writes: a roll-up of what has moved meanwhile is refused. */
  readonly version: number;
}

/** Says, before an event is written, that this hour of its series is changing. */
export interface Touch extends Series {
  readonly hourMs: EpochMs;
}

/**
 * How long what was announced may take to show: a request writes within 30 seconds, and an index follows within
 * seconds. Nothing of the last 20 minutes is taken as final.
 */
export const SETTLING_MS: EpochMs = 20 * 60_000;

/**
 * How long one announcement stands for further events of its hour: it saves most events a write, and leaves the last
 * of them 5 minutes to show.
 */
export const TOUCH_COVERS_MS: EpochMs = 15 * 60_000;

/** Whether an event of this hour may be written without announcing it again. */
export function isAnnounced(open: OpenSeries | undefined, hourMs: EpochMs, nowMs: EpochMs): boolean {
  const touchedAtMs = open?.dirty.find((dirty) => dirty.hourMs === hourMs)?.touchedAtMs;
  return touchedAtMs !== undefined && nowMs - touchedAtMs <= TOUCH_COVERS_MS;
}

/** Whether a dirty hour may still be changing. */
export function isSettling({ touchedAtMs }: DirtyHour, nowMs: EpochMs): boolean {
  return nowMs - touchedAtMs < SETTLING_MS;
}

/**
 * The hour from which on the stored rows may be wrong: something has changed, is still to be rolled up, or followed
 * from a session that turns out to have ended before (a shorter timeout ends those already over it).
 */
export function openFrom(
  { rolledUpToMs = Number.POSITIVE_INFINITY, dirty, aliveSessionIds }: OpenSeries,
  sessions: ReadonlyMap<string, SessionSpan>,
): EpochMs {
  const ends = aliveSessionIds.flatMap((sessionId) => {
    const endedAtMs = sessions.get(sessionId)?.endedAtMs ?? null;
    return endedAtMs === null ? [] : [hourOf(endedAtMs)];
  });
  return Math.min(rolledUpToMs, ...dirty.map(({ hourMs }) => hourMs), ...ends);
}
