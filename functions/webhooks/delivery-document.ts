import * as z from "zod";
import { toRfc3339 } from "../../lib/time.ts";
import type { Attempt, Delivery } from "../../lib/webhook/delivery.ts";
import { EVENT_TYPES } from "../../lib/webhook/event.ts";

const AttemptDocument = z.object({
  time: z.iso.datetime(),
  durationMs: z.int(),
  status: z.int().optional().describe("What the endpoint answered; any 2xx is success"),
  error: z
    .enum(["timeout", "name_not_resolved", "address_refused", "tls_failed", "connection_failed"])
    .optional()
    .describe("Why there was no answer; `address_refused` is one that is not public"),
});

/** A delivery as the API shows it. */
export const DeliveryDocument = z
  .object({
    id: z.string().describe("The `webhook-id` of each try"),
    webhookId: z.string(),
    type: z.enum([...EVENT_TYPES, "webhook.test"]),
    status: z
      .enum(["pending", "delivered", "dead"])
      .describe("`dead` after the last try, until it is replayed"),
    createdAt: z.iso.datetime(),
    nextAttemptAt: z.iso.datetime().optional(),
    attempts: z.array(AttemptDocument).describe("The latest 20, oldest first"),
    payload: z
      .looseObject({})
      .describe(
        "What is sent; of a `set` the claims of its token. Its members are those of the thing itself.",
      ),
  })
  .meta({ id: "WebhookDelivery" });

/** Shows a delivery. */
export function deliveryDocument(delivery: Delivery): z.output<typeof DeliveryDocument> {
  const { deliveryId, webhookId, type, status, createdAtMs, dueAtMs, attempts, body } = delivery;
  return {
    ...{ id: deliveryId, webhookId, type, status },
    createdAt: toRfc3339(createdAtMs),
    ...(dueAtMs === undefined ? {} : { nextAttemptAt: toRfc3339(dueAtMs) }),
    attempts: attempts.map(attemptDocument),
    payload: JSON.parse(body),
  };
}

function attemptDocument({ atMs, durationMs, status, error }: Attempt) {
  return {
    time: toRfc3339(atMs),
    durationMs,
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error }),
  };
}
