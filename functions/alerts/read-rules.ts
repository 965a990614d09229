import { alertRulesTable } from "../../lib/aws/alert-rules-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import type { AlertRulesStore } from "../../lib/unusual/alert-rules.ts";
import { RulesDocument, rulesDocument } from "./rules-document.ts";

/** Shows what the caller's tenant is watched for. */
export const spec = {
  method: "GET",
  route: "/v1/alert-rules",
  summary: "Read the rules that alerts come from",
  tag: "Alerts",
  permission: "alert:read",
  response: RulesDocument,
  successStatus: 200,
  etag: true,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly rules: Pick<AlertRulesStore, "get"> }) =>
  endpoint(spec, deps, async ({ caller }) => {
    const { settings, version } = await deps.rules.get(caller.tenantId);
    return json(rulesDocument(settings), { version });
  });

export const handler = createHandler({ ...platform(), rules: alertRulesTable() });
