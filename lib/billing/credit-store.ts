import type { Trail } from "../activity/trail.ts";
import type { Credit } from "./apply-credits.ts";

/** A credit as it is kept. */
export interface KeptCredit extends Credit {
  /** What it was granted with. */
  readonly amount: string;
  /** Why, in words for the tenant. */
  readonly reason: string;
}

/** The credits of every tenant. What they pay is written by the invoice's own step (`InvoiceStore.take`). */
export interface CreditStore {
  /** All of a tenant's, used up and expired ones too, oldest first. */
  all(tenantId: string): Promise<readonly KeptCredit[]>;
  grant(tenantId: string, credit: KeptCredit, trail: Trail): Promise<void>;
}
