import * as z from "zod";
import { invoiceTable } from "../../lib/aws/invoice-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import type { InvoiceStore } from "../../lib/billing/invoice-store.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import { InvoiceDocument, invoiceDocument } from "./invoice-document.ts";

/** Lists the tenant's invoices, adjustments and credit notes, newest first. */
export const spec = {
  method: "GET",
  route: "/v1/invoices",
  summary: "List invoices, newest first",
  tag: "Billing",
  permission: "invoice:read",
  query: z.object(PageQuery),
  response: pageOf(InvoiceDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly invoices: Pick<InvoiceStore, "list"> }) =>
  endpoint(spec, deps, async ({ caller, query, position, page }) => {
    const { invoices, nextAfterId } = await deps.invoices.list({
      tenantId: caller.tenantId,
      limit: query.limit,
      afterId: await position(),
    });
    return await page(invoices.map(invoiceDocument), nextAfterId);
  });

export const handler = createHandler({ ...platform(), invoices: invoiceTable() });
