import type { Trail } from "../activity/trail.ts";
import type { CardOverride } from "./override-card.ts";

/** What was agreed with one tenant instead of the rate card. */
export interface BillingTerms {
  /** Counts up from 1; 0 for a tenant that pays what the card says. */
  readonly version: number;
  readonly override: CardOverride;
}

/** The terms of every tenant, each version kept for good: an invoice is rated again on the terms it was rated with. */
export interface TermsStore {
  newest(tenantId: string): Promise<BillingTerms>;
  /** @throws Error for a version that there is none of */
  get(tenantId: string, version: number): Promise<BillingTerms>;
  /** Puts terms in the place of others; `stale` where somebody else has done so first. */
  replace(
    of: { readonly tenantId: string; readonly before: BillingTerms; readonly after: BillingTerms },
    trail: Trail,
  ): Promise<"done" | "stale">;
}

/** The terms of a tenant with which nothing was agreed. */
export const NO_TERMS: BillingTerms = { version: 0, override: {} };
