import type { Trail } from "../activity/trail.ts";
import { ATTO_DECIMALS, ATTO_PER_UNIT, type Atto, formatAtto, parseDecimal } from "../decimal.ts";

/** How much a tenant means to spend in a month, and at which shares of it somebody is to hear of it. */
export interface Budget {
  /** A decimal as its writer wrote it, above 0, in the currency of the rate card. */
  readonly amount: string;
  /** Shares of the amount, ascending: 0.8 is 80 %. */
  readonly thresholds: readonly Atto[];
  /** Counts up from 1. */
  readonly version: number;
}

/** Thresholds that a budget can have. */
export const THRESHOLDS_MAX = 10;

/** Ten times the amount. */
export const THRESHOLD_MAX: Atto = 10n * ATTO_PER_UNIT;

/** The budgets of every tenant. */
export interface BudgetStore {
  get(tenantId: string): Promise<Budget | undefined>;
  /** Puts a budget in the place of another, or of none; `stale` where somebody else has done so first. */
  replace(
    of: { readonly tenantId: string; readonly before: Budget | undefined; readonly after: Budget },
    trail: Trail,
  ): Promise<"done" | "stale">;
  /** The tenants that have one, page by page. */
  tenantIds(): AsyncIterable<readonly string[]>;
}

/** The amount as a number to reckon with. */
export function amountOf({ amount }: Pick<Budget, "amount">): Atto {
  const value = parseDecimal(amount, ATTO_DECIMALS);
  if (value === undefined) throw new Error("A budget whose amount is no decimal.");
  return value;
}

/** A threshold in words: `80 %`. */
export function showThreshold(threshold: Atto): string {
  return `${formatAtto(threshold * 100n)} %`;
}
