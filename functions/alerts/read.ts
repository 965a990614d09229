import * as z from "zod";
import { alertTable } from "../../lib/aws/alert-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { AlertDocument, alertDocument } from "../../lib/http/alert-document.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { type FindAlertDeps, findAlert } from "../../lib/unusual/find-alert.ts";

/** Shows one alert. */
export const spec = {
  method: "GET",
  route: "/v1/alerts/{alertId}",
  summary: "Read an alert",
  tag: "Alerts",
  permission: { decidedBy: "handler", action: "alert:read" },
  path: z.object({ alertId: Id }),
  response: AlertDocument,
  successStatus: 200,
  etag: true,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & FindAlertDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { alert, version } = await findAlert(deps, exchange, exchange.path.alertId);
    return json(alertDocument(alert), { version });
  });

export const handler = createHandler({ ...platform(), alerts: alertTable() });
