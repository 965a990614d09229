import type { Trail } from "../activity/trail.ts";
import type { RateCard } from "./rate-card.ts";

/** The operator's rate cards, each version kept for good: an invoice is rated again on the cards it was rated with. */
export interface CardStore {
  /** Every version, oldest first. */
  all(): Promise<readonly RateCard[]>;
  /** Adds a version, which has to follow the newest; `stale` where somebody else has added it first. */
  add(card: RateCard, trail?: Trail): Promise<"added" | "stale">;
}
