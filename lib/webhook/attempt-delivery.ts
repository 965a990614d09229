import type { SystemTrails } from "../resource/system-trail.ts";
import type { EpochMs } from "../time.ts";
import {
  type Attempt,
  afterAttempt,
  type Delivery,
  type DeliveryStore,
  isAccepted,
  isGone,
  settled,
} from "./delivery.ts";
import {
  type DisabledReason,
  FAILING_MAX_MS,
  recordedWebhook,
  type Webhook,
  type WebhookSecrets,
  type WebhookStore,
} from "./webhook.ts";

/** A message as it goes out. */
export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Posts messages to where they may go; what goes wrong is an answer too. */
export interface WebhookSender {
  post(message: Outgoing): Promise<Pick<Attempt, "status" | "error" | "retryAfterMs">>;
}

/** What a message is signed over (Standard Webhooks 1.0.0, "Signature scheme"). */
export interface Signed {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

/** What a try needs. */
export interface AttemptDeliveryDeps {
  readonly webhooks: Pick<WebhookStore, "noteFailure" | "noteSuccess" | "get" | "replace">;
  readonly deliveries: Pick<DeliveryStore, "save">;
  readonly sender: WebhookSender;
  readonly secrets: Pick<WebhookSecrets, "open">;
  /** HMAC-SHA256 with the secret's bytes, base64. */
  readonly hmac: (secret: string, signed: Signed) => string;
  /** A JWT with `typ: secevent+jwt`, signed by the deployment's key. */
  readonly signToken: (claims: string) => Promise<string>;
  readonly systemTrails: SystemTrails;
  readonly now: () => EpochMs;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Tries to deliver a message that the caller has taken on, and puts down what came of it. A try whose outcome is lost
 * is made again with the same id: a message may come twice, and never not at all.
 */
export async function attemptDelivery(
  deps: AttemptDeliveryDeps,
  webhook: Webhook,
  delivery: Delivery,
): Promise<Delivery> {
  // Somebody who tries an endpoint out means to see what it answers before it is told of anything.
  if (webhook.disabled !== undefined && delivery.type !== "webhook.test") {
    return await giveUp(deps, delivery);
  }
  const atMs = deps.now();
  const answer = await deps.sender.post(await outgoing(deps, webhook, delivery));
  const attempt: Attempt = { atMs, durationMs: Math.max(0, deps.now() - atMs), ...answer };
  const after = afterAttempt(delivery, attempt, deps.random());
  await deps.deliveries.save(delivery, after);
  if (delivery.type !== "webhook.test") await noteHealth(deps, webhook, attempt);
  return after;
}

/** Puts a message among the dead that has nowhere to go. */
export async function giveUp(
  { deliveries }: Pick<AttemptDeliveryDeps, "deliveries">,
  delivery: Delivery,
): Promise<Delivery> {
  const after = settled(delivery, "dead");
  await deliveries.save(delivery, after);
  return after;
}

async function outgoing(deps: AttemptDeliveryDeps, webhook: Webhook, delivery: Delivery): Promise<Outgoing> {
  const { format, deliveryId: id } = delivery;
  const nowMs = deps.now();
  const timestampSeconds = Math.floor(nowMs / 1000);
  const body = format === "set" ? await deps.signToken(delivery.body) : delivery.body;
  const { previousSecret } = webhook;
  const sealed = [
    webhook.sealedSecret,
    ...(previousSecret !== undefined && nowMs < previousSecret.untilMs ? [previousSecret.sealedSecret] : []),
  ];
  const secrets = await Promise.all(sealed.map((one) => deps.secrets.open(one, webhook)));
  const signatures = secrets.map((secret) => `v1,${deps.hmac(secret, { id, timestampSeconds, body })}`);
  return {
    url: webhook.url,
    headers: {
      // RFC 8935 section 2.1 for tokens.
      ...(format === "set"
        ? { "content-type": "application/secevent+jwt", accept: "application/json" }
        : { "content-type": "application/json" }),
      "user-agent": "ActiveSession-Webhooks/1",
      "webhook-id": id,
      "webhook-timestamp": String(timestampSeconds),
      "webhook-signature": signatures.join(" "),
    },
    body,
  };
}

async function noteHealth(deps: AttemptDeliveryDeps, webhook: Webhook, attempt: Attempt): Promise<void> {
  if (isAccepted(attempt)) {
    if (webhook.failingSinceMs !== undefined) await deps.webhooks.noteSuccess(webhook);
    return;
  }
  if (isGone(attempt)) return await disable(deps, webhook, "gone");
  const sinceMs = await deps.webhooks.noteFailure(webhook, attempt.atMs);
  if (attempt.atMs - sinceMs >= FAILING_MAX_MS) await disable(deps, webhook, "failing");
}

/** Somebody who changes the endpoint at this moment has the say: the next failure comes by here again. */
async function disable(
  deps: AttemptDeliveryDeps,
  webhook: Webhook,
  disabled: Exclude<DisabledReason, "by_user">,
): Promise<void> {
  const before = await deps.webhooks.get(webhook);
  if (before === undefined || before.disabled !== undefined || before.version !== webhook.version) return;
  const after = { ...before, disabled, version: before.version + 1 };
  const trail = await deps.systemTrails.begin({
    tenantId: webhook.tenantId,
    action: "webhook:disable",
    resource: { type: "webhook", id: webhook.webhookId },
  });
  trail.note({ reason: disabled, url: recordedWebhook(webhook).url });
  await deps.webhooks.replace(before, after, trail);
}
