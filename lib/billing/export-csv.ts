import { type CsvValue, csvLine } from "../csv.ts";
import { type InvoiceRow, invoiceRows, rowAmount } from "./invoice-rows.ts";
import type { KeptInvoice } from "./invoice-store.ts";

type Column = (invoice: KeptInvoice, row: InvoiceRow) => CsvValue;

const COLUMNS: Readonly<Record<string, Column>> = {
  invoiceId: ({ id }) => id,
  number: ({ number }) => number,
  type: ({ type }) => type,
  status: ({ status }) => status,
  month: ({ month }) => month,
  charge: (_invoice, row) => row.is,
  meter: (_invoice, row) => (row.is === "usage" ? row.line.meter : null),
  description: (_invoice, row) => (row.is === "tax" ? "Tax" : row.line.description),
  periodStart: ({ period }, row) => (row.is === "tax" ? period : row.line.period).start,
  periodEnd: ({ period }, row) => (row.is === "tax" ? period : row.line.period).end,
  sessionId: (_invoice, row) => (row.is === "usage" ? row.session?.sessionId : null),
  userId: (_invoice, row) => (row.is === "usage" ? row.session?.userId : null),
  quantity: (_invoice, row) => (row.is === "usage" ? { decimal: (row.session ?? row.line).quantity } : null),
  unit: (_invoice, row) => (row.is === "usage" ? row.line.unit : null),
  unitPrice: (_invoice, row) => (row.is === "usage" ? row.line.unitPrice : null),
  amount: (_invoice, row) => ({ decimal: rowAmount(row) }),
  currency: ({ currency }) => currency,
  rateCardVersion: ({ rateCardVersion }, row) =>
    row.is === "tax" ? rateCardVersion : row.line.rateCardVersion,
};

/** The first line of a CSV export. */
export function csvHeader(): string {
  return csvLine(Object.keys(COLUMNS));
}

/** An invoice as CSV without the header: a line for each session on each line, and one for the tax. */
export function invoiceCsv(invoice: KeptInvoice): string {
  return invoiceRows(invoice)
    .map((row) => csvLine(Object.values(COLUMNS).map((read) => read(invoice, row))))
    .join("");
}
