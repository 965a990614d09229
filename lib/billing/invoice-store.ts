import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";
import type { CreditUse, Payment } from "./apply-credits.ts";
import type { Invoice, InvoiceContent } from "./invoice.ts";
import type { PriceVersions } from "./tenant-prices.ts";

/** How far the billing of one tenant's month has come. */
export interface BilledMonth {
  readonly tenantId: string;
  /** Such as `2026-10`. */
  readonly month: string;
  /** `final` also for a month that made no invoice; what comes after that is an adjustment. */
  readonly status: "open" | "draft" | "final";
  /** The prices that it became final with: later ones do not count for it. */
  readonly pricedBy?: PriceVersions;
  /** Of the draft or of all final documents, oldest first. */
  readonly invoiceIds: readonly string[];
  /** Counts the changes, so that of two runs at once one wins; 0 while nothing is kept of the month. */
  readonly version: number;
}

/** An invoice as it is kept: its content by digest, and what the month's close has added. */
export interface KeptInvoice extends Invoice {
  readonly id: string;
  readonly month: string;
  /** SHA-256, hex, over the content as RFC 8785 JSON. */
  readonly digest: string;
  /** Characters of the content as JSON. */
  readonly contentLength: number;
  readonly createdAtMs: EpochMs;
  /** What was known then is what it says. */
  readonly ratedAtMs: EpochMs;
  /** What credits paid of it when it became final; absent from a draft. */
  readonly creditsApplied?: readonly CreditUse[];
  /** What is left to pay: the total less what credits paid. Absent from a draft. */
  readonly amountDue?: string;
}

/** A kept invoice without its lines. */
export type InvoiceSummary = Omit<KeptInvoice, "lines" | "unattributed">;

/** A document in the making. */
export interface MonthDocument {
  readonly id: string;
  readonly type: Invoice["type"];
  readonly content: InvoiceContent;
}

/** One step in the billing of a month; all of it happens or nothing. */
export type MonthStep = {
  /** As it was read: the step is refused when it has moved since. */
  readonly before: BilledMonth;
  readonly nowMs: EpochMs;
} & (
  | { readonly status: "draft"; readonly document: MonthDocument }
  /** Takes a draft back of which nothing is left to bill. */
  | { readonly status: "open" }
  | {
      readonly status: "final";
      readonly pricedBy: PriceVersions;
      /** Absent where there is nothing to bill. */
      readonly document?: MonthDocument | undefined;
      /** What pays for the document; the step is refused when one of the credits has been used since it was read. */
      readonly payment?: Payment | undefined;
    }
);

/** One page of invoices, newest first. It may be shorter than asked for: an answer has at most 6 MB in Lambda. */
export interface InvoicePage {
  readonly invoices: readonly KeptInvoice[];
  readonly nextAfterId?: string;
}

/** The invoices of every tenant. A final one is never written again. */
export interface InvoiceStore {
  month(tenantId: string, month: string): Promise<BilledMonth>;
  /** Those of the tenants whose month is final, consistently read. */
  finalOf(tenantIds: readonly string[], month: string): Promise<ReadonlySet<string>>;
  /** Makes one step, on record: its invoice, `none` for a step without one, `moved` when another run was there first. */
  take(step: MonthStep, trail: Trail): Promise<InvoiceSummary | "none" | "moved">;
  get(tenantId: string, id: string): Promise<KeptInvoice | undefined>;
  list(query: {
    readonly tenantId: string;
    readonly limit: number;
    readonly afterId?: string | undefined;
  }): Promise<InvoicePage>;
}
