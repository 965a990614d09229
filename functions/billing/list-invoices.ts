import * as z from "zod";
import { invoicePdf } from "../../lib/aws/invoice-pdf.ts";
import { invoiceTable } from "../../lib/aws/invoice-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import type { InvoicePrinter } from "../../lib/billing/invoice-sheet.ts";
import type { InvoiceStore } from "../../lib/billing/invoice-store.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import type { Reply } from "../../lib/http/reply.ts";
import { InvoiceDocument, invoiceDocument } from "./invoice-document.ts";
import { INVOICE_MEDIA_TYPES, InvoiceFormat, writtenInvoices } from "./invoice-formats.ts";

/** Lists the tenant's invoices, adjustments and credit notes, newest first. */
export const spec = {
  method: "GET",
  route: "/v1/invoices",
  summary: "List invoices, newest first",
  description:
    'In another format than JSON the page after is named by `Link: rel="next"`, and column names stand on the first ' +
    "page alone.",
  tag: "Billing",
  permission: "invoice:read",
  query: z.object({ ...PageQuery, format: InvoiceFormat }),
  response: pageOf(InvoiceDocument),
  produces: INVOICE_MEDIA_TYPES,
  successStatus: 200,
} as const satisfies EndpointSpec;

/** What listing invoices needs. */
export interface ListInvoicesDeps extends HttpDeps {
  readonly invoices: Pick<InvoiceStore, "list">;
  readonly pdf: InvoicePrinter;
}

export const createHandler = (deps: ListInvoicesDeps) =>
  endpoint(spec, deps, async ({ caller, query, request, position, page }) => {
    const { invoices, nextAfterId } = await deps.invoices.list({
      tenantId: caller.tenantId,
      limit: query.limit,
      afterId: await position(),
    });
    const list = await page(invoices.map(invoiceDocument), nextAfterId);
    if (query.format === "json") return list;
    return writtenInvoices({
      format: query.format,
      invoices,
      account: caller.tenant,
      name: "invoices",
      isFirst: query.cursor === undefined,
      headers: linkTo(nextPage(request.query, list)),
      sha256: deps.sha256,
      pdf: deps.pdf,
    });
  });

/** The query of the page after, with the cursor that its list would have named. */
function nextPage(query: Readonly<Record<string, string>>, { body }: Reply): URLSearchParams | undefined {
  const { nextCursor } = spec.response.pick({ nextCursor: true }).parse(body);
  return nextCursor === null ? undefined : new URLSearchParams({ ...query, cursor: nextCursor });
}

function linkTo(query: URLSearchParams | undefined): Readonly<Record<string, string>> {
  return query === undefined ? {} : { link: `<${spec.route}?${query}>; rel="next"` };
}

export const handler = createHandler({ ...platform(), invoices: invoiceTable(), pdf: invoicePdf() });
