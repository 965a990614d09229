import { toRfc3339 } from "../time.ts";
import type { Period } from "../usage/usage.ts";

/** Decimal places of every quantity that is shown (contract section 11). */
export const QUANTITY_DECIMALS = 9;

/** A period as a document shows it: RFC 3339 in UTC, half open. */
export interface DocumentPeriod {
  readonly start: string;
  readonly end: string;
}

/** A session's part of a line. Quantities have 9 decimals, amounts those of the currency. */
export interface SessionCharge {
  readonly sessionId: string;
  readonly userId: string;
  readonly quantity: string;
  readonly amount: string;
}

/** A tier as it was used. `quantity` and `amount` are shown with 9 decimals; only the line's amount is rounded money. */
export interface LineTier {
  readonly upTo: string | null;
  readonly unitPrice: string;
  readonly flatFee?: string;
  readonly quantity: string;
  readonly amount: string;
}

/** One meter's charge; the amounts of its sessions add up to its own. */
export interface InvoiceLine {
  readonly meter: string;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice?: string;
  readonly packageSize?: string;
  readonly freeAllowance?: string;
  readonly tiers?: readonly LineTier[];
  readonly amount: string;
  readonly sessions: readonly SessionCharge[];
  /** The part of the invoice's period that this line's card was in force for. */
  readonly period: DocumentPeriod;
  readonly rateCardVersion: number | null;
}

/** Usage outside of every session, shown at no charge. */
export interface UnattributedUsage {
  readonly meter: string;
  readonly quantity: string;
  readonly unit: string;
}

/** What an invoice says, before it gets an id, a number and a date. `total = subtotal + tax`. */
export interface InvoiceContent {
  readonly period: DocumentPeriod;
  readonly currency: string;
  readonly lines: readonly InvoiceLine[];
  readonly subtotal: string;
  readonly tax: string;
  readonly total: string;
  readonly rateCardVersion: number | null;
  readonly unattributed: readonly UnattributedUsage[];
}

/** An invoice, an adjustment or a credit note (contract section 10). */
export interface Invoice extends InvoiceContent {
  /** `null` for a simulated one. */
  readonly id: string | null;
  /** Gapless per tenant; `null` until it is final. */
  readonly number: string | null;
  readonly tenantId: string;
  readonly status: "draft" | "final";
  readonly type: "regular" | "adjustment" | "credit_note";
  readonly finalizedAt?: string;
}

/** Whether a period is billed at all: one without usage and without a minimum charge makes no invoice. */
export function isBillable(content: InvoiceContent): boolean {
  return content.lines.length > 0;
}

/** Writes a period as documents show it. */
export function documentPeriod({ startAtMs, endAtMs }: Period): DocumentPeriod {
  return { start: toRfc3339(startAtMs), end: toRfc3339(endAtMs) };
}
