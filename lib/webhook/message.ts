import { type EpochMs, toRfc3339 } from "../time.ts";
import { type Delivery, newDelivery } from "./delivery.ts";
import type { MessageType } from "./event.ts";
import { addressed } from "./session-revoked.ts";
import type { Webhook } from "./webhook.ts";

/** What an endpoint is told, in whichever form it takes. */
export interface Message {
  readonly deliveryId: string;
  readonly type: MessageType;
  readonly timeMs: EpochMs;
  readonly data: object;
  /** What a Security Event Token says of it. */
  readonly claims: object;
}

/** Writes a message in the form of its endpoint. */
export function messageTo(
  webhook: Webhook,
  { deliveryId, type, timeMs, data, claims }: Message,
  { nowMs, when }: { readonly nowMs: EpochMs; readonly when: "at_once" | "later" },
): Delivery {
  const { tenantId, webhookId, format } = webhook;
  const body =
    format === "set"
      ? addressed(claims, { audience: audienceOf(webhook), messageId: deliveryId, nowMs })
      : { type, timestamp: toRfc3339(timeMs), data };
  return newDelivery(
    { tenantId, webhookId, deliveryId, type, format, body: JSON.stringify(body), createdAtMs: nowMs },
    when,
  );
}

/** `aud` of an endpoint's tokens: what it asked for, or its origin. */
function audienceOf({ audience, url }: Pick<Webhook, "audience" | "url">): string {
  return audience ?? new URL(url).origin;
}
