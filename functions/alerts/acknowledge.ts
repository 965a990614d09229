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
import { acknowledgeAlert, type MoveAlertDeps } from "../../lib/unusual/move-alert.ts";

/** Says that somebody looks after an alert. Repeating it is harmless. */
export const spec = {
  method: "POST",
  route: "/v1/alerts/{alertId}/acknowledge",
  summary: "Acknowledge an alert",
  description: "What is seen of the same thing within an hour still adds to it.",
  tag: "Alerts",
  permission: { decidedBy: "handler", action: "alert:acknowledge" },
  path: z.object({ alertId: Id }),
  body: z.strictObject({}),
  bodyOptional: true,
  response: AlertDocument,
  successStatus: 200,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & FindAlertDeps & MoveAlertDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { path, trail, expectedVersion } = exchange;
    const found = await findAlert(deps, exchange, path.alertId);
    const moved = await acknowledgeAlert(deps, { found, expectedVersion: expectedVersion() }, trail);
    return json(alertDocument(moved.alert), { version: moved.version });
  });

export const handler = createHandler({ ...platform(), alerts: alertTable() });
