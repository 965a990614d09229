import * as z from "zod";
import { closingPorts } from "../../lib/aws/billing-ports.ts";
import { platform } from "../../lib/aws/platform.ts";
import { type BillingRun, type RunBillingDeps, runBilling } from "../../lib/billing/run-billing.ts";
import { invalidField } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { monthSpan } from "../../lib/time.ts";
import { ContentDocument } from "./invoice-document.ts";

const Run = z.object({
  tenantId: z.string(),
  status: z.enum(["open", "draft", "final", "failed"]).meta({
    description:
      "`open`: there is nothing to bill yet. `failed`: try again; other tenants are not held up by it.",
  }),
  invoice: z
    .object({
      id: z.string(),
      number: z.string().nullable(),
      status: z.enum(["draft", "final"]),
      type: z.enum(["regular", "adjustment", "credit_note"]),
      currency: z.string(),
      total: ContentDocument.shape.total,
    })
    .optional()
    .meta({ description: "The document that this run made or found as a draft." }),
});

/** Does now what the schedules do by themselves: closes a month as far as it can be. Safe to repeat. */
export const spec = {
  method: "POST",
  route: "/v1/billing/runs",
  summary: "Close a month now",
  description:
    "Counts all usage that has come in until now, rolled up or not. A month that is not over, or within the grace for " +
    "late events, gets a draft; after that its final invoice, and when its usage has changed since, an adjustment or a " +
    "credit note. Without `tenantId` all tenants are billed: those that do not fit into one request are `queued`, and " +
    "closed in the background.",
  tag: "Billing",
  permission: { operator: "billing:run" },
  body: z.strictObject({
    period: z
      .string()
      .refine((month) => monthSpan(month) !== undefined, "must be a month such as 2026-10")
      .meta({ examples: ["2026-10"] }),
    tenantId: Id.optional(),
  }),
  response: z.object({
    period: z.string(),
    runs: z.array(Run),
    queued: z.int().meta({ description: "Tenants that are closed in the background." }),
  }),
  successStatus: 200,
  errors: ["not_found"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & RunBillingDeps) =>
  endpoint(spec, deps, async ({ body, trail, nowMs }) => {
    const { period, tenantId } = body;
    if ((monthSpan(period)?.startAtMs ?? 0) > nowMs) {
      throw invalidField("/period", "must not lie in the future");
    }
    trail.about({ type: "month", id: period });
    if (tenantId !== undefined) trail.note({ tenantId });
    const { runs, queued } = await runBilling(deps, { month: period, tenantId });
    trail.note({ tenants: runs.length, queued });
    return json({ period, runs: runs.map(runDocument), queued });
  });

function runDocument({ tenantId, status, invoice }: BillingRun): z.output<typeof Run> {
  if (invoice === undefined) return { tenantId, status };
  const { id, number, type, currency, total } = invoice;
  return { tenantId, status, invoice: { id, number, status: invoice.status, type, currency, total } };
}

export const handler = createHandler({ ...closingPorts(), ...platform() });
