import { type ForEachAtOnce, TRIES_AT_ONCE } from "./announce.ts";
import { type AttemptDeliveryDeps, attemptDelivery, giveUp } from "./attempt-delivery.ts";
import { claimed, type DeliveryStore, type DueDelivery } from "./delivery.ts";

/** What trying again needs. */
export interface RetryDeliveriesDeps extends AttemptDeliveryDeps {
  readonly deliveries: DeliveryStore;
  readonly forEachAtOnce: ForEachAtOnce;
  /** Told of a delivery that could not be looked at: the next run does. */
  readonly onError: (deliveryId: string, cause: unknown) => void;
}

/** What one run looks at; the next one comes a minute later. */
const DELIVERIES_PER_RUN = 1000;

/**
 * Tries whatever is due: the next tries of what failed, what was left to the schedule, and what a killed function had
 * taken on. Of two runs at once one takes a delivery on.
 */
export async function retryDeliveries(deps: RetryDeliveriesDeps): Promise<void> {
  const due = await deps.deliveries.due(deps.now(), DELIVERIES_PER_RUN);
  await deps.forEachAtOnce(due, TRIES_AT_ONCE, async (one) => {
    try {
      await retry(deps, one);
    } catch (cause) {
      deps.onError(one.deliveryId, cause);
    }
  });
}

async function retry(deps: RetryDeliveriesDeps, due: DueDelivery): Promise<void> {
  const delivery = await deps.deliveries.get(due);
  if (delivery?.dueAtMs !== due.dueAtMs) return await deps.deliveries.forget(due);
  const webhook = await deps.webhooks.get(due);
  if (webhook === undefined) {
    await giveUp(deps, delivery);
    return;
  }
  const mine = claimed(delivery, deps.now());
  if ((await deps.deliveries.save(delivery, mine)) === "done") await attemptDelivery(deps, webhook, mine);
}
