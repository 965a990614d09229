import type { EpochMs } from "../time.ts";
import type { Attachment, Period, SessionRef, SessionSpan } from "./usage.ts";

/** Who holds a resource in a span of time; `null` is nobody. */
export interface Holding extends Period {
  readonly holder: SessionRef | null;
}

/** A session as metering sees it, without an open end. */
export interface SessionLife extends Period {
  readonly ref: SessionRef;
}

/** An attachment cut to its session's life. The lower the rank, the earlier it was attached. */
interface Claim extends SessionLife {
  readonly rank: number;
}

/** The sessions by id. One that runs lasts for ever. */
export function sessionLives(sessions: readonly SessionSpan[]): ReadonlyMap<string, SessionLife> {
  return new Map(
    sessions.map(({ sessionId, userId, startedAtMs, endedAtMs }) => [
      sessionId,
      {
        ref: { sessionId, userId, startedAtMs },
        startAtMs: startedAtMs,
        endAtMs: endedAtMs ?? Number.POSITIVE_INFINITY,
      },
    ]),
  );
}

/**
 * Cuts a period into the spans in which one session, or nobody, holds a resource. Each attachment is first cut to
 * its session's life; where several then overlap, the one with the earliest `fromAtMs` as it was given holds,
 * and of equal ones the first in the list. The spans follow each other without a gap and fill the period.
 */
export function holdingsIn(
  period: Period,
  attachments: readonly Attachment[],
  lives: ReadonlyMap<string, SessionLife>,
): readonly Holding[] {
  const holdings: Holding[] = [];
  const active: Claim[] = [];
  let sinceMs = period.startAtMs;
  const holdUntil = (atMs: EpochMs) => {
    if (atMs <= sinceMs) return;
    holdings.push({ startAtMs: sinceMs, endAtMs: atMs, holder: active[0]?.ref ?? null });
    sinceMs = atMs;
  };
  for (const { atMs, claim, begins } of turningPoints(rankedClaims(period, attachments, lives))) {
    holdUntil(atMs);
    active.splice(placeOf(active, claim), begins ? 0 : 1, ...(begins ? [claim] : []));
  }
  holdUntil(period.endAtMs);
  return joinEqual(holdings);
}

function rankedClaims(
  period: Period,
  attachments: readonly Attachment[],
  lives: ReadonlyMap<string, SessionLife>,
): readonly Claim[] {
  // Array.prototype.sort is stable, so that the order given decides between equal times.
  const byAttachment = [...attachments].sort((a, b) => a.fromAtMs - b.fromAtMs);
  return byAttachment.flatMap(({ sessionId, fromAtMs, toAtMs }, rank) => {
    const life = lives.get(sessionId);
    if (life === undefined) return [];
    const startAtMs = Math.max(fromAtMs, life.startAtMs, period.startAtMs);
    const endAtMs = Math.min(toAtMs ?? Number.POSITIVE_INFINITY, life.endAtMs, period.endAtMs);
    return startAtMs < endAtMs ? [{ rank, ref: life.ref, startAtMs, endAtMs }] : [];
  });
}

function turningPoints(claims: readonly Claim[]) {
  return claims
    .flatMap((claim) => [
      { atMs: claim.startAtMs, claim, begins: true },
      { atMs: claim.endAtMs, claim, begins: false },
    ])
    .sort((a, b) => a.atMs - b.atMs);
}

/** Where a claim stands, or would stand, among claims in the order of their ranks. */
function placeOf(active: readonly Claim[], claim: Claim): number {
  let low = 0;
  let high = active.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((active[middle]?.rank ?? claim.rank) < claim.rank) low = middle + 1;
    else high = middle;
  }
  return low;
}

function joinEqual(holdings: readonly Holding[]): readonly Holding[] {
  const joined: Holding[] = [];
  for (const holding of holdings) {
    const last = joined.at(-1);
    if (last?.holder === holding.holder) joined[joined.length - 1] = { ...last, endAtMs: holding.endAtMs };
    else joined.push(holding);
  }
  return joined;
}
