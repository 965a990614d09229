import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { webhookPorts } from "../../lib/aws/webhook-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { findWebhook } from "../../lib/webhook/find-webhook.ts";
import type { WebhookStore } from "../../lib/webhook/webhook.ts";
import { WebhookDocument, webhookDocument } from "./webhook-document.ts";

/** Shows an endpoint, without its secret. */
export const spec = {
  method: "GET",
  route: "/v1/webhooks/{webhookId}",
  summary: "Read a webhook",
  tag: "Webhooks",
  permission: { decidedBy: "handler", action: "webhook:read" },
  path: z.object({ webhookId: Id }),
  response: WebhookDocument,
  successStatus: 200,
  etag: true,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly webhooks: Pick<WebhookStore, "get"> }) =>
  endpoint(spec, deps, async (exchange) => {
    const webhook = await findWebhook(deps, exchange, exchange.path.webhookId);
    return json(webhookDocument(webhook), { version: webhook.version });
  });

export const handler = createHandler({ ...platform(), ...webhookPorts() });
