import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { webhookPorts } from "../../lib/aws/webhook-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { type RotateSecretDeps, rotateSecret } from "../../lib/webhook/change-webhook.ts";
import { findWebhook } from "../../lib/webhook/find-webhook.ts";
import type { WebhookStore } from "../../lib/webhook/webhook.ts";
import { WebhookWithSecretDocument, webhookDocument } from "./webhook-document.ts";

/** Gives an endpoint another secret, without a message that its receiver could not verify. */
export const spec = {
  method: "POST",
  route: "/v1/webhooks/{webhookId}/rotate-secret",
  summary: "Rotate a webhook's secret",
  description:
    "Answers the new secret, this once. For `overlapSeconds` (a day unless it is given, 0 for a secret that has leaked) messages are signed with both.",
  tag: "Webhooks",
  permission: { decidedBy: "handler", action: "webhook:update" },
  action: "webhook:rotate-secret",
  stepUp: "always",
  path: z.object({ webhookId: Id }),
  body: z.strictObject({ overlapSeconds: z.int().min(0).max(604_800).default(86_400) }),
  bodyOptional: true,
  response: WebhookWithSecretDocument,
  successStatus: 200,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

type Deps = HttpDeps & RotateSecretDeps & { readonly webhooks: Pick<WebhookStore, "get"> };

export const createHandler = (deps: Deps) =>
  endpoint(spec, deps, async (exchange) => {
    const { path, body, trail, expectedVersion } = exchange;
    const found = await findWebhook(deps, exchange, path.webhookId);
    const wanted = { webhook: found, expectedVersion: expectedVersion(), ...body };
    const { webhook, secret } = await rotateSecret(deps, wanted, trail);
    return json({ ...webhookDocument(webhook), secret }, { version: webhook.version });
  });

export const handler = createHandler({ ...platform(), ...webhookPorts() });
