import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";
import type { Invoice, InvoiceContent } from "./invoice.ts";

/** How far the billing of one tenant's month has come. */
export interface BilledMonth {
  readonly tenantId: string;
  /** Such as `2026-10`. */
  readonly month: string;
  /** `final` also for a month that made no invoice; what comes after that is an adjustment. */
  readonly status: "open" | "draft" | "final";
  /** The newest card version when it became final: later cards do not count for it. */
  readonly cardVersion?: number;
  /** Of the draft or of all final documents, oldest first. */
  readonly invoiceIds: readonly string[];
  /** Counts the changes, so that of two runs at once one wins. */
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
}

/** A kept invoice without its lines. */
export type InvoiceSummary = Omit<KeptInvoice, "lines" | "unattributed">;

/** One step in the billing of a month; all of it happens or nothing. */
export interface MonthStep {
  /** As it was read: the step is refused when it has moved since. */
  readonly before: BilledMonth;
  readonly status: "draft" | "final";
  readonly cardVersion?: number | undefined;
  /** The document that the step makes or replaces, if any. */
  readonly document?: {
    readonly id: string;
    readonly type: Invoice["type"];
    readonly content: InvoiceContent;
  };
  readonly nowMs: EpochMs;
}

/** One page of invoices, newest first. It may be shorter than asked for: an answer has at most 6 MB in Lambda. */
export interface InvoicePage {
  readonly invoices: readonly KeptInvoice[];
  readonly nextAfterId?: string;
}

/** The invoices of every tenant. A final one is never written again. */
export interface InvoiceStore {
  month(tenantId: string, month: string): Promise<BilledMonth>;
  /** The step's invoice, `none` for a step without one, or `moved` when another run was there first. */
  take(step: MonthStep, trail: Trail): Promise<InvoiceSummary | "none" | "moved">;
  get(tenantId: string, id: string): Promise<KeptInvoice | undefined>;
  list(query: {
    readonly tenantId: string;
    readonly limit: number;
    readonly afterId?: string | undefined;
  }): Promise<InvoicePage>;
}
