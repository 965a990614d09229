import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { webhookPorts } from "../../lib/aws/webhook-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id, PageQuery, pageOf } from "../../lib/http/parse.ts";
import type { DeliveryStore } from "../../lib/webhook/delivery.ts";
import { findWebhook } from "../../lib/webhook/find-webhook.ts";
import type { WebhookStore } from "../../lib/webhook/webhook.ts";
import { DeliveryDocument, deliveryDocument } from "./delivery-document.ts";

/** Lists what an endpoint was told, and how each try went. */
export const spec = {
  method: "GET",
  route: "/v1/webhooks/{webhookId}/deliveries",
  summary: "List a webhook's deliveries of the last 30 days, the newest first",
  description: "`?status=dead` are those to replay. With a status, a page can hold fewer than its limit.",
  tag: "Webhooks",
  permission: { decidedBy: "handler", action: "webhook:read" },
  action: "webhook:list-deliveries",
  path: z.object({ webhookId: Id }),
  query: z.object({ ...PageQuery, status: z.enum(["pending", "delivered", "dead"]).optional() }),
  response: pageOf(DeliveryDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

interface Deps extends HttpDeps {
  readonly webhooks: Pick<WebhookStore, "get">;
  readonly deliveries: Pick<DeliveryStore, "list">;
}

export const createHandler = (deps: Deps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, query, position, page } = exchange;
    const { webhookId } = await findWebhook(deps, exchange, path.webhookId);
    const { deliveries, nextAfterId } = await deps.deliveries.list({
      tenantId: caller.tenantId,
      webhookId,
      status: query.status,
      limit: query.limit,
      afterId: await position(),
    });
    return await page(deliveries.map(deliveryDocument), nextAfterId);
  });

export const handler = createHandler({ ...platform(), ...webhookPorts() });
