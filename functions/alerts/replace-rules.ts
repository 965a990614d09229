import { alertRulesTable } from "../../lib/aws/alert-rules-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { ruleWebhookPorts } from "../../lib/aws/webhook-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { type AlertRulesStore, settingsOf } from "../../lib/unusual/alert-rules.ts";
import { replaceAlertRules } from "../../lib/unusual/replace-alert-rules.ts";
import { type NameInRulesDeps, nameInRules } from "../../lib/webhook/name-in-rules.ts";
import { RulesDocument, RulesInput, rulesDocument } from "./rules-document.ts";

/** Puts settings of the rules in the place of the tenant's. */
export const spec = {
  method: "PUT",
  route: "/v1/alert-rules",
  summary: "Replace the rules that alerts come from",
  description:
    "All rules are replaced: one that is left out, and a member that is left out, takes its default. Records that come " +
    "in from then on are looked at by them, whatever time they are of. `step_up` has the session's user verify a " +
    "factor before it goes on; `revoke_session` ends it.",
  tag: "Alerts",
  permission: "alert:update",
  body: RulesInput,
  response: RulesDocument,
  successStatus: 200,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

type Deps = HttpDeps & NameInRulesDeps & { readonly rules: AlertRulesStore };

export const createHandler = (deps: Deps) =>
  endpoint(spec, deps, async ({ body, caller, trail, newId, expectedVersion }) => {
    const { tenantId } = caller;
    // What is wrong with the rules is said before anything comes of them.
    settingsOf(body.rules);
    const named = body.rules.flatMap(({ webhook }, place) =>
      webhook === undefined ? [] : [{ url: webhook, pointer: `/rules/${place}/webhook` }],
    );
    await nameInRules(deps, { tenantId, newId, named }, trail);
    const { settings, version } = await replaceAlertRules(
      deps,
      { tenantId, wanted: body.rules, expectedVersion: expectedVersion() },
      trail,
    );
    return json(rulesDocument(settings), { version });
  });

export const handler = createHandler({ ...platform(), ...ruleWebhookPorts(), rules: alertRulesTable() });
