import type { EpochMs } from "../time.ts";

/**
 * What billing has to do for one tenant. A schedule hands chores out, and each is done by itself: one that fails holds
 * up no other, and 100,000 of them take no longer than the functions that share them out.
 */
export type Chore =
  | {
      readonly is: "close";
      readonly tenantId: string;
      /** Such as `2026-10`. */
      readonly month: string;
      /** The late change that this deals with, if there was one. */
      readonly lateToken?: string;
    }
  | { readonly is: "budget"; readonly tenantId: string };

/** Takes chores in for whoever does them, at least once each. What is on the list already is done again. */
export interface ChoreList {
  add(chores: readonly Chore[], askedAtMs: EpochMs): Promise<void>;
}
