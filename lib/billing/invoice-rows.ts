import type { InvoiceLine, SessionCharge } from "./invoice.ts";
import type { KeptInvoice } from "./invoice-store.ts";
import { readMoney } from "./money.ts";
import { MINIMUM_LINE } from "./rate-card.ts";

/** One charge of an invoice by itself: of one session on one line, of a line that belongs to none, or the tax. */
export type InvoiceRow =
  | { readonly is: "usage"; readonly line: InvoiceLine; readonly session: SessionCharge | undefined }
  | { readonly is: "minimum"; readonly line: InvoiceLine }
  | { readonly is: "tax"; readonly amount: string };

/** An invoice row by row; their amounts add up to its total, exactly. */
export function invoiceRows({ lines, tax, currency }: KeptInvoice): readonly InvoiceRow[] {
  const isTaxed = readMoney(tax, currency) !== 0n;
  return [...lines.flatMap(lineRows), ...(isTaxed ? [{ is: "tax", amount: tax } as const] : [])];
}

/** What a row costs. */
export function rowAmount(row: InvoiceRow): string {
  if (row.is === "tax") return row.amount;
  return row.is === "minimum" ? row.line.amount : (row.session ?? row.line).amount;
}

function lineRows(line: InvoiceLine): readonly InvoiceRow[] {
  if (line.meter === MINIMUM_LINE) return [{ is: "minimum", line }];
  if (line.sessions.length === 0) return [{ is: "usage", line, session: undefined }];
  return line.sessions.map((session) => ({ is: "usage", line, session }));
}
