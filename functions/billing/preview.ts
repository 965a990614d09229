import * as z from "zod";
import { ratingPorts } from "../../lib/aws/billing-ports.ts";
import { creditTable } from "../../lib/aws/credit-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { type PreviewMonthDeps, previewMonth } from "../../lib/billing/preview-month.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { ContentDocument } from "./invoice-document.ts";

/** What this month costs so far, to this very moment, and what it will if it goes on like this. */
export const spec = {
  method: "GET",
  route: "/v1/billing/preview",
  summary: "This month so far, with a forecast",
  tag: "Billing",
  permission: "invoice:read",
  response: ContentDocument.extend({
    forecast: z.object({
      total: z.string(),
      method: z.literal("run_rate").meta({
        description:
          "What was used so far, per time passed, for the whole month; then rated as the whole month would be.",
      }),
    }),
    creditBalance: z.string().meta({ description: "What credits that can be used now would pay." }),
  }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & PreviewMonthDeps) =>
  endpoint(spec, deps, async ({ caller }) => json(await previewMonth(deps, caller.tenantId)));

export const handler = createHandler({ ...platform(), ...ratingPorts(), credits: creditTable() });
