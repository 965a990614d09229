import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { webhookPorts } from "../../lib/aws/webhook-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { findWebhook } from "../../lib/webhook/find-webhook.ts";
import { replayDelivery, type TryWebhookDeps } from "../../lib/webhook/try-webhook.ts";
import { DeliveryDocument, deliveryDocument } from "./delivery-document.ts";

/** Sends a message again. */
export const spec = {
  method: "POST",
  route: "/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay",
  summary: "Replay a delivery",
  description:
    "Sends it at once, with the `webhook-id` that it had and to where the webhook is now, and answers what became of it. Where that fails it is tried again by the schedule, from its beginning.",
  tag: "Webhooks",
  permission: { decidedBy: "handler", action: "webhook:update" },
  action: "webhook:replay",
  path: z.object({ webhookId: Id, deliveryId: Id }),
  body: z.strictObject({}),
  bodyOptional: true,
  response: DeliveryDocument,
  successStatus: 200,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & TryWebhookDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { webhookId, deliveryId } = exchange.path;
    const webhook = await findWebhook(deps, exchange, webhookId);
    exchange.trail.note({ deliveryId });
    return json(deliveryDocument(await replayDelivery(deps, webhook, deliveryId)));
  });

export const handler = createHandler({ ...platform(), ...webhookPorts() });
