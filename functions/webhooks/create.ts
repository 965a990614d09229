import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { webhookPorts } from "../../lib/aws/webhook-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { type RegisterWebhookDeps, registerWebhook } from "../../lib/webhook/register-webhook.ts";
import { Format, WebhookWishes, WebhookWithSecretDocument, webhookDocument } from "./webhook-document.ts";

const { url, eventTypes, description, audience } = WebhookWishes;

/**
 * Registers an endpoint. It takes what happens in the tenant out of it, for longer than the session that made it: so
 * that a stolen session cannot, it always asks for a factor.
 */
export const spec = {
  method: "POST",
  route: "/v1/webhooks",
  summary: "Register a webhook",
  description:
    "Answers the secret, this once. Without `eventTypes` it is told of all that its format has. Messages carry `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks), come at least once, and in no order. A tenant has at most 20.",
  tag: "Webhooks",
  permission: "webhook:create",
  stepUp: "always",
  body: z.strictObject({
    url,
    format: Format.default("webhook"),
    eventTypes: eventTypes.exactOptional(),
    description: description.default(""),
    audience: audience.exactOptional(),
  }),
  response: WebhookWithSecretDocument,
  successStatus: 201,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & RegisterWebhookDeps) =>
  endpoint(spec, deps, async ({ body, caller, trail, newId }) => {
    const webhookId = newId("whk");
    trail.about({ type: "webhook", id: webhookId });
    const input = { ...body, tenantId: caller.tenantId, webhookId };
    const { webhook, secret } = await registerWebhook(deps, input, trail);
    return json({ ...webhookDocument(webhook), secret }, { status: 201, version: webhook.version });
  });

export const handler = createHandler({ ...platform(), ...webhookPorts() });
