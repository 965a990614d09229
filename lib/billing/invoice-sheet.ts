import type { EpochMs } from "../time.ts";
import type { InvoiceLine, LineTier } from "./invoice.ts";
import type { KeptInvoice } from "./invoice-store.ts";

/** Whom invoices are for. */
export interface InvoiceAccount {
  readonly name: string;
  readonly tenantId: string;
}

/** What an invoice says on paper, whatever draws it: a page of HTML or a PDF. */
export interface InvoiceSheet {
  readonly title: string;
  /** Stands at the top of a draft, so that nobody pays it. */
  readonly warning?: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** The lines, and below them what they come to. */
  readonly summary: SheetTable & {
    readonly sums: readonly (readonly [name: string, amount: string])[];
  };
  /** The sessions of each line, and what was used outside of sessions. */
  readonly details: readonly (SheetTable & { readonly heading: string })[];
}

/** A table of an invoice. */
export interface SheetTable {
  readonly caption?: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly SheetRow[];
}

/** A column; numbers stand at its right. */
export interface SheetColumn {
  readonly name: string;
  /** Per cent of the width, where the columns do not find it by themselves. */
  readonly share: number;
  readonly isNumber: boolean;
}

/** A row, a cell for each column; and below the first of them how its amount came about. */
export interface SheetRow {
  readonly cells: readonly string[];
  readonly steps: readonly string[];
}

/** Invoices on paper, each from a page of its own. */
export interface PrintedInvoices {
  readonly title: string;
  readonly recipient: string;
  readonly sheets: readonly InvoiceSheet[];
  /** When the newest of them was rated, so that the same invoices make the same file; 0 of none. */
  readonly ratedAtMs: EpochMs;
}

/** Draws invoices as a file of its kind. */
export interface InvoicePrinter {
  /** @returns the file in base64 */
  print(invoices: PrintedInvoices): Promise<string>;
}

const TITLES = { regular: "Invoice", adjustment: "Adjustment", credit_note: "Credit note" } as const;

/** Says what invoices say on paper. */
export function printedInvoices(invoices: readonly KeptInvoice[], account: InvoiceAccount): PrintedInvoices {
  const [only] = invoices;
  const recipient = `${account.name} (${account.tenantId})`;
  return {
    recipient,
    title: invoices.length === 1 && only !== undefined ? titleOf(only) : "Invoices",
    sheets: invoices.map((invoice) => invoiceSheet(invoice, recipient)),
    ratedAtMs: Math.max(0, ...invoices.map(({ ratedAtMs }) => ratedAtMs)),
  };
}

function invoiceSheet(invoice: KeptInvoice, recipient: string): InvoiceSheet {
  const { lines, period, status, finalizedAt, rateCardVersion } = invoice;
  return {
    title: titleOf(invoice),
    ...(status === "draft" ? { warning: "Draft: this is not a bill yet, and may still change." } : {}),
    facts: [
      ["For", recipient],
      ["Period", `${spanOf(period)}, the end excluded (UTC)`],
      ...(finalizedAt === undefined ? [] : [["Finalised", finalizedAt] as const]),
      ["Currency", invoice.currency],
      ...(rateCardVersion === null ? [] : [["Rate card", `version ${rateCardVersion}`] as const]),
      ["Document", invoice.id],
      ["Digest", `sha256:${invoice.digest}`],
    ],
    summary: summaryOf(invoice),
    details: [
      ...lines.filter(({ sessions }) => sessions.length > 0).map((line) => sessionsOf(line, invoice)),
      ...unattributedOf(invoice),
    ],
  };
}

function titleOf({ type, number, month }: KeptInvoice): string {
  return `${TITLES[type]} ${number ?? `for ${month}`}`;
}

function summaryOf({ lines, subtotal, tax, total, currency, ...invoice }: KeptInvoice) {
  const { creditsApplied = [], amountDue } = invoice;
  return {
    columns: [
      text("Charge", 45),
      number("Quantity", 20),
      text("Unit", 15),
      number(`Amount (${currency})`, 20),
    ],
    rows: lines.map(({ description, quantity, unit, amount, tiers = [] }) => ({
      cells: [description, quantity, unit, amount],
      steps: tiers.map(stepOf),
    })),
    sums: [
      ["Subtotal", subtotal],
      ["Tax", tax],
      ["Total", total],
      ...creditsApplied.map(({ creditId, amount }) => [`Paid by credit ${creditId}`, `-${amount}`] as const),
      ...(amountDue === undefined ? [] : [["Amount due", amountDue] as const]),
    ] as const,
  };
}

function stepOf({ upTo, unitPrice, flatFee, quantity, amount }: LineTier): string {
  const tier = upTo === null ? "above" : `up to ${upTo}`;
  const fee = flatFee === undefined ? "" : ` + ${flatFee}`;
  return `${tier}: ${quantity} × ${unitPrice}${fee} = ${amount}`;
}

function sessionsOf(line: InvoiceLine, { currency }: KeptInvoice) {
  return {
    heading: `${line.meter} by session`,
    caption: `${spanOf(line.period)}, rate card version ${line.rateCardVersion ?? "–"}`,
    columns: [
      text("Session", 31),
      text("User", 29),
      number(line.unit, 20),
      number(`Amount (${currency})`, 20),
    ],
    rows: line.sessions.map(({ sessionId, userId, quantity, amount }) => ({
      cells: [sessionId, userId, quantity, amount],
      steps: [],
    })),
  };
}

function unattributedOf({ unattributed }: KeptInvoice) {
  if (unattributed.length === 0) return [];
  return [
    {
      heading: "Outside of sessions, at no charge",
      columns: [text("Meter", 60), number("Quantity", 20), text("Unit", 20)],
      rows: unattributed.map(({ meter, quantity, unit }) => ({ cells: [meter, quantity, unit], steps: [] })),
    },
  ];
}

function text(name: string, share: number): SheetColumn {
  return { name, share, isNumber: false };
}

function number(name: string, share: number): SheetColumn {
  return { name, share, isNumber: true };
}

function spanOf({ start, end }: { readonly start: string; readonly end: string }): string {
  return `${day(start)} to ${day(end)}`;
}

function day(time: string): string {
  return time.endsWith("T00:00:00.000Z") ? time.slice(0, 10) : time;
}
