import { platform } from "../../lib/aws/platform.ts";
import { type SimulateInvoiceDeps, simulateInvoice } from "../../lib/billing/simulate-invoice.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { totalPeriod } from "../../lib/usage/total-usage.ts";
import { BUILT_IN_METERS } from "../../lib/usage/usage.ts";
import { SimulatedInvoiceDocument } from "./invoice-document.ts";
import { SimulateBody } from "./simulate-schema.ts";

/** Rates sessions and events that are sent along, by the very code that closes a month. Nothing is stored. */
export const spec = {
  method: "POST",
  route: "/v1/billing/simulate",
  summary: "Rate usage that is sent along; nothing is stored",
  tag: "Billing",
  permission: "authenticated",
  action: "billing:simulate",
  body: SimulateBody,
  response: SimulatedInvoiceDocument,
  successStatus: 200,
  errors: ["unprocessable"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & SimulateInvoiceDeps) =>
  endpoint(spec, deps, async ({ body, caller }) =>
    json(simulateInvoice(deps, { ...body, tenantId: caller.tenantId })),
  );

export const handler = createHandler({ ...platform(), builtInMeters: BUILT_IN_METERS, totalPeriod });
