import { type AttemptDeliveryDeps, attemptDelivery, giveUp } from "./attempt-delivery.ts";
import { claimed, type Delivery, type DeliveryStore, type DueDelivery } from "./delivery.ts";

/** What taking on a delivery that is due needs. */
export interface RetryDeliveryDeps extends AttemptDeliveryDeps {
  readonly deliveries: Pick<DeliveryStore, "save" | "get" | "forget">;
}

/**
 * Takes on a delivery that is due, and tries it: with the endpoint as it is by now, and only where nobody else has taken
 * it on since it was seen to be due.
 * @returns what became of it; `undefined` where it is another's
 */
export async function retryDelivery(
  deps: RetryDeliveryDeps,
  due: DueDelivery,
): Promise<Delivery | undefined> {
  const delivery = await deps.deliveries.get(due);
  if (delivery?.dueAtMs !== due.dueAtMs) {
    await deps.deliveries.forget(due);
    return undefined;
  }
  const webhook = await deps.webhooks.get(due);
  if (webhook === undefined) return await giveUp(deps, delivery);
  const mine = claimed(delivery, deps.now());
  return (await deps.deliveries.save(delivery, mine)) === "done"
    ? await attemptDelivery(deps, webhook, mine)
    : undefined;
}
