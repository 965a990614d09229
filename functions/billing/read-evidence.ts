import * as z from "zod";
import { evidencePorts } from "../../lib/aws/billing-ports.ts";
import { platform } from "../../lib/aws/platform.ts";
import {
  type EvidencePosition,
  type LineEvidenceDeps,
  lineEvidence,
} from "../../lib/billing/line-evidence.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { MeterName } from "../../lib/http/metering-schema.ts";
import { Id, PageQuery } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { EvidenceDocument, evidenceDocument } from "./evidence-document.ts";

/** Shows why a line costs what it does: sessions, intervals, resources, and the records behind each. */
export const spec = {
  method: "GET",
  route: "/v1/invoices/{invoiceId}/lines/{meter}/evidence",
  summary: "What a line of an invoice follows from",
  description:
    "Session by session, as it was known when the invoice was rated: for a gauge the intervals in which the session held " +
    "a resource at one level, with the activity records that began and ended each, for a counter its events. A session " +
    "with very many goes on on the next page. `levelMilliseconds` is exact: its sum over a session, divided by 3600000, " +
    "is the quantity. Of an adjustment or a credit note the charge is what there was then less `billedBefore`.",
  tag: "Billing",
  permission: "invoice:read",
  path: z.object({ invoiceId: Id, meter: MeterName }),
  query: z.object(PageQuery),
  response: EvidenceDocument,
  successStatus: 200,
  errors: ["not_found"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & LineEvidenceDeps) =>
  endpoint(spec, deps, async ({ caller, path, query, trail, position, page }) => {
    const { invoiceId, meter } = path;
    trail.about({ type: "invoice", id: invoiceId });
    trail.note({ meter });
    const { tenantId } = caller;
    const after = positionIn(await position());
    const found = await lineEvidence(deps, { tenantId, invoiceId, meter, limit: query.limit, after });
    if (found === undefined) throw notFound();
    const { body } = await page([], found.next && JSON.stringify(found.next));
    const { nextCursor } = EvidenceDocument.pick({ nextCursor: true }).parse(body);
    return json({ ...evidenceDocument(found), nextCursor });
  });

/** A position is sealed: what comes back is what was written. */
function positionIn(position: string | undefined): EvidencePosition | undefined {
  return position === undefined ? undefined : (JSON.parse(position) as EvidencePosition);
}

export const handler = createHandler({ ...platform(), ...evidencePorts() });
