import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { webhookPorts } from "../../lib/aws/webhook-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { type ChangeWebhookDeps, changeWebhook } from "../../lib/webhook/change-webhook.ts";
import { findWebhook } from "../../lib/webhook/find-webhook.ts";
import type { WebhookStore } from "../../lib/webhook/webhook.ts";
import { WebhookDocument, WebhookWishes, webhookDocument } from "./webhook-document.ts";

const { url, eventTypes, description, audience } = WebhookWishes;

/** Changes where an endpoint is and what it is told of. Asks for a factor as registering it does. */
export const spec = {
  method: "PATCH",
  route: "/v1/webhooks/{webhookId}",
  summary: "Change a webhook, or enable it again",
  description:
    "What is on its way goes to the new URL. Enabling forgets what failed before; what became dead meanwhile is replayed by hand. A URL that alert rules name is not changed (409 `conflict`).",
  tag: "Webhooks",
  permission: { decidedBy: "handler", action: "webhook:update" },
  stepUp: "always",
  path: z.object({ webhookId: Id }),
  body: z.strictObject({
    url: url.exactOptional(),
    eventTypes: eventTypes.exactOptional(),
    description: description.exactOptional(),
    audience: audience.exactOptional(),
    enabled: z.boolean().exactOptional(),
  }),
  response: WebhookDocument,
  successStatus: 200,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

type Deps = HttpDeps & ChangeWebhookDeps & { readonly webhooks: Pick<WebhookStore, "get"> };

export const createHandler = (deps: Deps) =>
  endpoint(spec, deps, async (exchange) => {
    const { path, body: changes, trail, expectedVersion } = exchange;
    const webhook = await findWebhook(deps, exchange, path.webhookId);
    const wanted = { webhook, expectedVersion: expectedVersion(), changes };
    const changed = await changeWebhook(deps, wanted, trail);
    return json(webhookDocument(changed), { version: changed.version });
  });

export const handler = createHandler({ ...platform(), ...webhookPorts() });
