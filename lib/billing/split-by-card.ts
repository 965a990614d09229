import { type EpochMs, monthAround } from "../time.ts";
import type { Period } from "../usage/usage.ts";
import type { RateCard } from "./rate-card.ts";

/** A part of a period with the one card that is in force in it. */
export interface CardPart {
  readonly period: Period;
  readonly card: RateCard;
}

/**
 * Cuts a period where a new card comes into force. Of cards with the same `effectiveFromAtMs` the greater version
 * is in force; before the first card nothing is charged, so that there is no part for it. A month is billed in one
 * currency: a card in another one than the card before it comes into force as the next month begins.
 */
export function splitByCard(period: Period, cards: readonly RateCard[]): readonly CardPart[] {
  const starts = startsOf(cards);
  return starts.flatMap(({ card, startAtMs }, place) => {
    const nextAtMs = Math.min(...starts.slice(place + 1).map((later) => later.startAtMs));
    const from = Math.max(startAtMs, period.startAtMs);
    const to = Math.min(nextAtMs, period.endAtMs);
    return from < to ? [{ card, period: { startAtMs: from, endAtMs: to } }] : [];
  });
}

interface Start {
  readonly card: RateCard;
  readonly startAtMs: EpochMs;
}

/** When each card comes into force; a later one in the list takes the place of those before it. */
function startsOf(cards: readonly RateCard[]): readonly Start[] {
  const inOrder = [...cards].sort(
    (a, b) => a.effectiveFromAtMs - b.effectiveFromAtMs || (a.version ?? 0) - (b.version ?? 0),
  );
  const starts: Start[] = [];
  for (const card of inOrder) {
    const atMs = card.effectiveFromAtMs;
    const before = starts.findLast(({ startAtMs }) => startAtMs <= atMs)?.card;
    const isOtherMoney = before !== undefined && before.currency !== card.currency;
    starts.push({ card, startAtMs: isOtherMoney ? monthStartFrom(atMs) : atMs });
  }
  return starts;
}

/** The start of the month, if it is one, and else of the next. */
function monthStartFrom(atMs: EpochMs): EpochMs {
  const month = monthAround(atMs);
  return month.startAtMs === atMs ? atMs : month.endAtMs;
}
