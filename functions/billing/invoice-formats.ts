import * as z from "zod";
import { csvHeader, invoiceCsv } from "../../lib/billing/export-csv.ts";
import { focusHeader, invoiceFocus } from "../../lib/billing/export-focus.ts";
import {
  type InvoiceAccount,
  type InvoicePrinter,
  printedInvoices,
} from "../../lib/billing/invoice-sheet.ts";
import type { KeptInvoice } from "../../lib/billing/invoice-store.ts";
import { assertNever } from "../../lib/errors.ts";
import { type Reply, text } from "../../lib/http/reply.ts";
import { INVOICE_STYLE, invoicePage } from "./invoice-page.ts";

/** `?format=` of invoices. */
export const InvoiceFormat = z
  .enum(["json", "csv", "focus", "html", "pdf"])
  .default("json")
  .meta({
    description:
      "`csv` and `focus` (FOCUS 1.2) have a row for each session on each line and one for the tax, which add up to the " +
      "total; `html` is a page to print, and `pdf` the same as a file.",
  });

/** The media types of the formats. */
export const INVOICE_MEDIA_TYPES = ["application/json", "text/csv", "text/html", "application/pdf"] as const;

/** Invoices in one of the formats that are not JSON. */
export interface WrittenInvoices {
  readonly format: "csv" | "focus" | "html" | "pdf";
  readonly invoices: readonly KeptInvoice[];
  readonly account: InvoiceAccount;
  /** What the file is called, without its extension. */
  readonly name: string;
  /** Whether the column names come first; those of a list stand on its first page alone. */
  readonly isFirst: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sha256: (text: string) => string;
  readonly pdf: InvoicePrinter;
}

/** Writes invoices in a format. */
export async function writtenInvoices(of: WrittenInvoices): Promise<Reply> {
  const { format, invoices, account, isFirst } = of;
  switch (format) {
    case "csv":
      return csv(of, (isFirst ? csvHeader() : "") + invoices.map(invoiceCsv).join(""));
    case "focus": {
      const to = { id: account.tenantId, name: account.name };
      const rows = invoices.map((invoice) => invoiceFocus(invoice, to));
      return csv(of, (isFirst ? focusHeader() : "") + rows.join(""));
    }
    case "html":
      return text(invoicePage(printedInvoices(invoices, account)), "text/html; charset=utf-8", {
        headers: { ...of.headers, "content-security-policy": policyOf(of) },
      });
    case "pdf":
      return {
        ...text(await of.pdf.print(printedInvoices(invoices, account)), "application/pdf", saved(of, "pdf")),
        isBase64: true,
      };
    default:
      return assertNever(format);
  }
}

function csv(of: WrittenInvoices, body: string): Reply {
  return text(body, "text/csv; charset=utf-8", saved(of, "csv"));
}

function saved({ name, headers }: WrittenInvoices, extension: string) {
  return { headers: { ...headers, "content-disposition": `attachment; filename="${name}.${extension}"` } };
}

/** The one style is let in by its hash (CSP Level 3 section 2.3.1); nothing runs, loads, or frames the page. */
function policyOf({ sha256 }: WrittenInvoices): string {
  const hash = Buffer.from(sha256(INVOICE_STYLE), "hex").toString("base64");
  return [
    `default-src 'none'; style-src 'sha256-${hash}'`,
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  ].join("; ");
}
