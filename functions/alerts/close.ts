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
import { closeAlert, type MoveAlertDeps } from "../../lib/unusual/move-alert.ts";

/** Closes an alert for good. */
export const spec = {
  method: "POST",
  route: "/v1/alerts/{alertId}/close",
  summary: "Close an alert, saying why",
  description: "What is seen of the same thing from then on opens a new alert.",
  tag: "Alerts",
  permission: { decidedBy: "handler", action: "alert:close" },
  path: z.object({ alertId: Id }),
  body: z.strictObject({
    note: z
      .string()
      .min(1)
      .max(2000)
      .refine((note) => note.isWellFormed(), "must not hold half of a surrogate pair"),
  }),
  response: AlertDocument,
  successStatus: 200,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & FindAlertDeps & MoveAlertDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { path, body, trail, expectedVersion } = exchange;
    const found = await findAlert(deps, exchange, path.alertId);
    const closing = { found, expectedVersion: expectedVersion(), note: body.note };
    const closed = await closeAlert(deps, closing, trail);
    return json(alertDocument(closed.alert), { version: closed.version });
  });

export const handler = createHandler({ ...platform(), alerts: alertTable() });
