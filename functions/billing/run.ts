import * as z from "zod";
import { closingPorts } from "../../lib/aws/billing-ports.ts";
import { platform } from "../../lib/aws/platform.ts";
import type { CloseMonthDeps } from "../../lib/billing/close-month.ts";
import { closeMonthOf, pagesOfTenants } from "../../lib/billing/close-months.ts";
import { invalidField, notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { toAppError } from "../../lib/http/problem.ts";
import { json } from "../../lib/http/reply.ts";
import type { TenantStore } from "../../lib/identity/tenant-store.ts";
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

/** Does now what the schedules do by themselves: rolls a month up and closes it as far as it can be. Safe to repeat. */
export const spec = {
  method: "POST",
  route: "/v1/billing/runs",
  summary: "Roll up and close a month now",
  description:
    "A month that is not over, or within the grace for late events, gets a draft; after that its final invoice, and " +
    "when its usage has changed since, an adjustment or a credit note. Without `tenantId` all tenants are billed.",
  tag: "Billing",
  permission: { operator: "billing:run" },
  body: z.strictObject({
    period: z
      .string()
      .refine((month) => monthSpan(month) !== undefined, "must be a month such as 2026-10")
      .meta({ examples: ["2026-10"] }),
    tenantId: Id.optional(),
  }),
  response: z.object({ period: z.string(), runs: z.array(Run) }),
  successStatus: 200,
  errors: ["not_found"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & CloseMonthDeps & { readonly tenants: TenantStore }) =>
  endpoint(spec, deps, async ({ body, trail, nowMs }) => {
    const { period, tenantId } = body;
    if ((monthSpan(period)?.startAtMs ?? 0) > nowMs)
      throw invalidField("/period", "must not lie in the future");
    trail.about({ type: "month", id: period });
    if (tenantId !== undefined) {
      if ((await deps.tenants.get(tenantId)) === undefined) throw notFound();
      trail.note({ tenantId });
      return json({ period, runs: [await run(deps, tenantId, period)] });
    }
    const runs: z.output<typeof Run>[] = [];
    for await (const tenantIds of pagesOfTenants(deps)) {
      for (const id of tenantIds) runs.push(await runByItself(deps, id, period));
    }
    trail.note({ tenants: runs.length });
    return json({ period, runs });
  });

async function run(deps: CloseMonthDeps, tenantId: string, period: string): Promise<z.output<typeof Run>> {
  const { status, invoice } = await closeMonthOf(deps, tenantId, period);
  if (invoice === undefined) return { tenantId, status };
  const { id, number, type, currency, total } = invoice;
  return { tenantId, status, invoice: { id, number, status: invoice.status, type, currency, total } };
}

/** One tenant that fails holds up no other. */
async function runByItself(
  deps: CloseMonthDeps & Pick<HttpDeps, "log">,
  tenantId: string,
  period: string,
): Promise<z.output<typeof Run>> {
  try {
    return await run(deps, tenantId, period);
  } catch (thrown) {
    if (toAppError(thrown).code === "unavailable") throw thrown;
    return { tenantId, status: "failed" };
  }
}

export const handler = createHandler({ ...platform(), ...closingPorts() });
