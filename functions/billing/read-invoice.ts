import * as z from "zod";
import { invoicePdf } from "../../lib/aws/invoice-pdf.ts";
import { invoiceTable } from "../../lib/aws/invoice-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import type { InvoicePrinter } from "../../lib/billing/invoice-sheet.ts";
import type { InvoiceStore } from "../../lib/billing/invoice-store.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { InvoiceDocument, invoiceDocument } from "./invoice-document.ts";
import { INVOICE_MEDIA_TYPES, InvoiceFormat, writtenInvoices } from "./invoice-formats.ts";

/** Shows one invoice with its lines, down to the sessions; as a document, as rows, as a page to print, or as PDF. */
export const spec = {
  method: "GET",
  route: "/v1/invoices/{invoiceId}",
  summary: "Read an invoice",
  tag: "Billing",
  permission: "invoice:read",
  path: z.object({ invoiceId: Id }),
  query: z.object({ format: InvoiceFormat }),
  response: InvoiceDocument,
  produces: INVOICE_MEDIA_TYPES,
  successStatus: 200,
  errors: ["not_found"],
} as const satisfies EndpointSpec;

/** What reading an invoice needs. */
export interface ReadInvoiceDeps extends HttpDeps {
  readonly invoices: Pick<InvoiceStore, "get">;
  readonly pdf: InvoicePrinter;
}

export const createHandler = (deps: ReadInvoiceDeps) =>
  endpoint(spec, deps, async ({ caller, path, query, trail }) => {
    trail.about({ type: "invoice", id: path.invoiceId });
    const invoice = await deps.invoices.get(caller.tenantId, path.invoiceId);
    if (invoice === undefined) throw notFound();
    trail.note({ format: query.format });
    if (query.format === "json") return json(invoiceDocument(invoice));
    return writtenInvoices({
      format: query.format,
      invoices: [invoice],
      account: caller.tenant,
      name: invoice.number ?? invoice.id,
      isFirst: true,
      sha256: deps.sha256,
      pdf: deps.pdf,
    });
  });

export const handler = createHandler({ ...platform(), invoices: invoiceTable(), pdf: invoicePdf() });
