import * as z from "zod";
import { alertTable } from "../../lib/aws/alert-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { AlertDocument, alertDocument } from "../../lib/http/alert-document.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import type { AlertStore } from "../../lib/unusual/alert-store.ts";

/** Lists what the rules have found in the caller's tenant. */
export const spec = {
  method: "GET",
  route: "/v1/alerts",
  summary: "List alerts, the newest first",
  description:
    "The order is that of their opening, which for an ingested history is later than its `time`. What the same rule " +
    "finds of the same principal within an hour adds to the alert that is open or acknowledged.",
  tag: "Alerts",
  permission: "alert:list",
  query: z.object({ ...PageQuery, status: z.enum(["open", "acknowledged", "closed"]).optional() }),
  response: pageOf(AlertDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly alerts: Pick<AlertStore, "list"> }) =>
  endpoint(spec, deps, async ({ caller, query, position, page }) => {
    const { alerts, nextAfterId } = await deps.alerts.list({
      tenantId: caller.tenantId,
      status: query.status,
      limit: query.limit,
      afterId: await position(),
    });
    return await page(alerts.map(alertDocument), nextAfterId);
  });

export const handler = createHandler({ ...platform(), alerts: alertTable() });
