import type { DeliveryStore } from "./delivery.ts";
import { type MakeTriesDeps, makeTries } from "./make-tries.ts";
import { retryDelivery } from "./retry-delivery.ts";

/** What trying again needs. */
export interface RetryDeliveriesDeps extends MakeTriesDeps {
  readonly deliveries: DeliveryStore;
}

/** What one run looks at; the next one comes a minute later. */
const DELIVERIES_PER_RUN = 1000;

/**
 * Tries whatever is due: the next tries of what failed, what was left to the schedule, and what a killed function had
 * taken on. Of two runs at once one takes a delivery on.
 */
export async function retryDeliveries(deps: RetryDeliveriesDeps): Promise<void> {
  const due = await deps.deliveries.due(deps.now(), DELIVERIES_PER_RUN);
  await makeTries(
    deps,
    due.map((one) => ({ deliveryId: one.deliveryId, make: () => retryDelivery(deps, one) })),
  );
}
