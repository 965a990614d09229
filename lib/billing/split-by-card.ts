import type { Period } from "../usage/usage.ts";
import type { RateCard } from "./rate-card.ts";

/** A part of a period with the one card that is in force in it. */
export interface CardPart {
  readonly period: Period;
  readonly card: RateCard;
}

/**
 * Cuts a period where a new card comes into force. Of cards with the same `effectiveFromAtMs` the greater version
 * is in force; before the first card nothing is charged, so that there is no part for it.
 */
export function splitByCard(period: Period, cards: readonly RateCard[]): readonly CardPart[] {
  const inOrder = [...cards].sort(
    (a, b) => a.effectiveFromAtMs - b.effectiveFromAtMs || (a.version ?? 0) - (b.version ?? 0),
  );
  return inOrder.flatMap((card, place) => {
    const startAtMs = Math.max(card.effectiveFromAtMs, period.startAtMs);
    const endAtMs = Math.min(inOrder[place + 1]?.effectiveFromAtMs ?? period.endAtMs, period.endAtMs);
    return startAtMs < endAtMs ? [{ card, period: { startAtMs, endAtMs } }] : [];
  });
}
