import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { webhookPorts } from "../../lib/aws/webhook-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { noContent } from "../../lib/http/reply.ts";
import { type ChangeWebhookDeps, removeWebhook } from "../../lib/webhook/change-webhook.ts";
import { findWebhook } from "../../lib/webhook/find-webhook.ts";
import type { WebhookStore } from "../../lib/webhook/webhook.ts";

/** Removes an endpoint: what is on its way there is not delivered any more. */
export const spec = {
  method: "DELETE",
  route: "/v1/webhooks/{webhookId}",
  summary: "Delete a webhook",
  description: "One whose URL alert rules name is not deleted (409 `conflict`).",
  tag: "Webhooks",
  permission: { decidedBy: "handler", action: "webhook:delete" },
  path: z.object({ webhookId: Id }),
  response: z.void(),
  successStatus: 204,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

type Deps = HttpDeps & ChangeWebhookDeps & { readonly webhooks: Pick<WebhookStore, "get"> };

export const createHandler = (deps: Deps) =>
  endpoint(spec, deps, async (exchange) => {
    const webhook = await findWebhook(deps, exchange, exchange.path.webhookId);
    await removeWebhook(deps, { webhook, expectedVersion: exchange.expectedVersion() }, exchange.trail);
    return noContent();
  });

export const handler = createHandler({ ...platform(), ...webhookPorts() });
