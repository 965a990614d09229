import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { webhookPorts } from "../../lib/aws/webhook-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { findWebhook } from "../../lib/webhook/find-webhook.ts";
import { type TryWebhookDeps, tryWebhook } from "../../lib/webhook/try-webhook.ts";
import { DeliveryDocument, deliveryDocument } from "./delivery-document.ts";

/** Sends an endpoint a message that is of nothing, and says what it answered. */
export const spec = {
  method: "POST",
  route: "/v1/webhooks/{webhookId}/test",
  summary: "Try a webhook out",
  description:
    "Sends `webhook.test` (a `set` gets the verification event of Shared Signals) once, signed as all messages are, and answers what became of it. What the endpoint answers beside its status is not shown.",
  tag: "Webhooks",
  permission: { decidedBy: "handler", action: "webhook:update" },
  action: "webhook:test",
  path: z.object({ webhookId: Id }),
  body: z.strictObject({}),
  bodyOptional: true,
  response: DeliveryDocument,
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & TryWebhookDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const webhook = await findWebhook(deps, exchange, exchange.path.webhookId);
    const delivery = await tryWebhook(deps, webhook, exchange.newId("msg"));
    exchange.trail.note({ deliveryId: delivery.deliveryId, status: delivery.status });
    return json(deliveryDocument(delivery));
  });

export const handler = createHandler({ ...platform(), ...webhookPorts() });
