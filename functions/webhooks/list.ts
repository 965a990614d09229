import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { webhookPorts } from "../../lib/aws/webhook-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import type { WebhookStore } from "../../lib/webhook/webhook.ts";
import { WebhookDocument, webhookDocument } from "./webhook-document.ts";

/** Lists where the caller's tenant is told of events. */
export const spec = {
  method: "GET",
  route: "/v1/webhooks",
  summary: "List webhooks, the oldest first",
  tag: "Webhooks",
  permission: "webhook:list",
  query: z.object(PageQuery),
  response: pageOf(WebhookDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly webhooks: Pick<WebhookStore, "all"> }) =>
  endpoint(spec, deps, async ({ caller, query, position, page }) => {
    const after = (await position()) ?? "";
    // A tenant has a handful of them.
    const rest = (await deps.webhooks.all(caller.tenantId)).filter(({ webhookId }) => webhookId > after);
    const shown = rest.slice(0, query.limit);
    const next = rest.length > shown.length ? shown.at(-1)?.webhookId : undefined;
    return await page(shown.map(webhookDocument), next);
  });

export const handler = createHandler({ ...platform(), ...webhookPorts() });
