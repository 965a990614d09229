import { AppError, notFound } from "../errors.ts";
import { type AttemptDeliveryDeps, attemptDelivery } from "./attempt-delivery.ts";
import { type Delivery, type DeliveryStore, replayed } from "./delivery.ts";
import { messageTo } from "./message.ts";
import { verificationClaims } from "./session-revoked.ts";
import type { Webhook } from "./webhook.ts";

/** What trying an endpoint out needs. */
export interface TryWebhookDeps extends AttemptDeliveryDeps {
  readonly deliveries: Pick<DeliveryStore, "save" | "get">;
  /** `iss` of tokens. */
  readonly issuer: string;
}

/** Sends a message that is of nothing, once, and answers what became of it. A disabled endpoint is tried too. */
export async function tryWebhook(
  deps: TryWebhookDeps,
  webhook: Webhook,
  deliveryId: string,
): Promise<Delivery> {
  const { webhookId } = webhook;
  const nowMs = deps.now();
  const delivery = messageTo(
    webhook,
    {
      ...{ deliveryId, type: "webhook.test", timeMs: nowMs, data: { webhookId } },
      claims: verificationClaims(deps.issuer, webhookId),
    },
    { nowMs, when: "at_once" },
  );
  if ((await deps.deliveries.save(undefined, delivery)) === "done") {
    return await attemptDelivery(deps, webhook, delivery);
  }
  // The same request has come again: what it sent is there.
  return (await deps.deliveries.get(delivery)) ?? delivery;
}

/**
 * Sends a message again under its own id, whatever became of it before; from there on it is tried by the schedule.
 * @throws AppError `not_found`, `conflict` for a disabled endpoint and where it is being tried at this very moment
 */
export async function replayDelivery(
  deps: TryWebhookDeps,
  webhook: Webhook,
  deliveryId: string,
): Promise<Delivery> {
  const { tenantId, webhookId } = webhook;
  const before = await deps.deliveries.get({ tenantId, webhookId, deliveryId });
  if (before === undefined) throw notFound();
  if (webhook.disabled !== undefined) {
    throw new AppError("conflict", "The webhook is disabled: enable it first.");
  }
  const again = replayed(before, deps.now());
  if ((await deps.deliveries.save(before, again)) === "moved") {
    throw new AppError("conflict", "The message is being delivered at this very moment.");
  }
  return await attemptDelivery(deps, webhook, again);
}
