import { type CsvDecimal, type CsvValue, csvLine } from "../csv.ts";
import { type InvoiceRow, invoiceRows, rowAmount } from "./invoice-rows.ts";
import type { KeptInvoice } from "./invoice-store.ts";

/** Whom the charges are billed to. */
export interface BillingAccount {
  readonly id: string;
  readonly name: string;
}

interface Charge {
  readonly account: BillingAccount;
  readonly invoice: KeptInvoice;
  readonly row: InvoiceRow;
}

type Column = (charge: Charge) => CsvValue;

const ISSUER = "Active Session";

/** The service of a built-in meter; any other meter is a service of its own. */
const SERVICES: Readonly<Record<string, { readonly category: string; readonly name: string }>> = {
  cpu: { category: "Compute", name: "Compute" },
  memory: { category: "Compute", name: "Compute" },
  storage: { category: "Storage", name: "Storage" },
  network: { category: "Networking", name: "Network" },
};

/**
 * The 21 columns that FOCUS 1.2 makes mandatory (focus.finops.org, "Columns", feature level Mandatory), in the order of
 * their names; then those of its others that an invoice has something to say in, and our own.
 */
const COLUMNS: Readonly<Record<string, Column>> = {
  BilledCost: costOf,
  BillingAccountId: ({ account }) => account.id,
  BillingAccountName: ({ account }) => account.name,
  BillingCurrency: ({ invoice }) => invoice.currency,
  BillingPeriodEnd: ({ invoice }) => dateTime(invoice.period.end),
  BillingPeriodStart: ({ invoice }) => dateTime(invoice.period.start),
  ChargeCategory: ({ row }) => CATEGORIES[row.is],
  ChargeClass: (charge) => (isCorrection(charge) ? "Correction" : null),
  ChargeDescription: ({ row }) => (row.is === "tax" ? "Tax" : row.line.description),
  ChargePeriodEnd: ({ invoice, row }) => dateTime(periodOf(invoice, row).end),
  ChargePeriodStart: ({ invoice, row }) => dateTime(periodOf(invoice, row).start),
  ContractedCost: costOf,
  EffectiveCost: costOf,
  InvoiceIssuerName: () => ISSUER,
  ListCost: costOf,
  PricingQuantity: ({ row }) => quantityOf(row),
  PricingUnit: ({ row }) => (row.is === "tax" ? null : row.line.unit),
  ProviderName: () => ISSUER,
  PublisherName: () => ISSUER,
  ServiceCategory: ({ row }) => serviceOf(row).category,
  ServiceName: ({ row }) => serviceOf(row).name,
  ChargeFrequency: ({ row }) => FREQUENCIES[row.is],
  ConsumedQuantity: (charge) => (isConsumption(charge) ? quantityOf(charge.row) : null),
  ConsumedUnit: (charge) => (isConsumption(charge) && charge.row.is !== "tax" ? charge.row.line.unit : null),
  InvoiceId: ({ invoice }) => invoice.number ?? invoice.id,
  x_Meter: ({ row }) => (row.is === "usage" ? row.line.meter : null),
  x_RateCardVersion: ({ invoice, row }) =>
    row.is === "tax" ? invoice.rateCardVersion : row.line.rateCardVersion,
  x_SessionId: ({ row }) => (row.is === "usage" ? row.session?.sessionId : null),
  x_UserId: ({ row }) => (row.is === "usage" ? row.session?.userId : null),
};

const CATEGORIES = { usage: "Usage", minimum: "Purchase", tax: "Tax" } as const;

const FREQUENCIES = { usage: "Usage-Based", minimum: "Recurring", tax: "One-Time" } as const;

/** The first line of a FOCUS export. */
export function focusHeader(): string {
  return csvLine(Object.keys(COLUMNS));
}

/**
 * An invoice as FOCUS 1.2 rows in CSV, without the header: a `Usage` row for each session on each line, a `Purchase` row
 * for the minimum charge, and a `Tax` row. `BilledCost` adds up to the invoice's total. What an adjustment or a credit
 * note changes is a `Correction`. Nothing is discounted or amortised, so that all four costs are one. Absent values are
 * empty.
 */
export function invoiceFocus(invoice: KeptInvoice, account: BillingAccount): string {
  return invoiceRows(invoice)
    .map((row) => csvLine(Object.values(COLUMNS).map((read) => read({ account, invoice, row }))))
    .join("");
}

function costOf({ row }: Charge): CsvDecimal {
  return { decimal: rowAmount(row) };
}

function isCorrection({ invoice }: Charge): boolean {
  return invoice.type !== "regular";
}

function isConsumption(charge: Charge): boolean {
  return charge.row.is === "usage" && !isCorrection(charge);
}

function quantityOf(row: InvoiceRow): CsvDecimal | null {
  if (row.is === "tax") return null;
  const { quantity } = row.is === "minimum" ? row.line : (row.session ?? row.line);
  return { decimal: quantity };
}

function serviceOf(row: InvoiceRow) {
  if (row.is !== "usage") return { category: "Other", name: ISSUER };
  const { meter } = row.line;
  return SERVICES[meter] ?? { category: "Other", name: meter };
}

function periodOf(invoice: KeptInvoice, row: InvoiceRow) {
  return row.is === "tax" ? invoice.period : row.line.period;
}

/** FOCUS writes times without fractions of a second. */
function dateTime(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}
