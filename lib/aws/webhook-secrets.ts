import { createHmac, randomBytes } from "node:crypto";
import type { Seals } from "../session/token.ts";
import type { Signed } from "../webhook/attempt-delivery.ts";
import type { WebhookKey, WebhookSecrets } from "../webhook/webhook.ts";

/** Standard Webhooks 1.0.0 has 24 to 64. */
const SECRET_BYTES = 32;

const PREFIX = "whsec_";

/** Secrets of endpoints, sealed and each bound to its endpoint. */
export function webhookSecrets(seals: Seals): WebhookSecrets {
  return {
    create: () => PREFIX + randomBytes(SECRET_BYTES).toString("base64"),
    seal: (secret, key) => seals.seal("webhook-secret", secret, { context: contextOf(key) }),
    open: async (sealed, key) => {
      const secret = await seals.open("webhook-secret", sealed, { context: contextOf(key) });
      if (typeof secret !== "string") throw new Error("A webhook's secret cannot be opened.");
      return secret;
    },
  };
}

/** Signs a message by Standard Webhooks 1.0.0 `v1`: HMAC-SHA256 over `id.timestamp.body`, base64. */
export function webhookHmac(secret: string, { id, timestampSeconds, body }: Signed): string {
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  return createHmac("sha256", key).update(`${id}.${timestampSeconds}.${body}`).digest("base64");
}

function contextOf({ tenantId, webhookId }: WebhookKey): string {
  return `${tenantId}#${webhookId}`;
}
