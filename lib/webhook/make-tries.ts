import { atMost } from "../at-most.ts";
import { type Delivery, secondTryAtMs } from "./delivery.ts";
import { type RetryDeliveryDeps, retryDelivery } from "./retry-delivery.ts";

/** What making tries needs. */
export interface MakeTriesDeps extends RetryDeliveryDeps {
  readonly wait: (ms: number) => Promise<void>;
  /** How long the function may still run. */
  readonly remainingMs: () => number;
  /** Told of a try that could not be made: the schedule makes it. */
  readonly onError: (deliveryId: string, cause: unknown) => void;
}

/** A try to be made. */
export interface Try {
  readonly deliveryId: string;
  /** Makes it; answers what became of the delivery, or nothing where it is another's. */
  readonly make: () => Promise<Delivery | undefined>;
}

/** Tries under way in one call. */
const TRIES_AT_ONCE = 50;

/** What a try may take: the sender's 15 s, and what is read and written about it. */
const TRY_MS = 20_000;

/**
 * Makes tries, and stays for the second one of what failed for the first time: it is due sooner than the schedule comes
 * by. All wait side by side. A second try is taken on like any other, so that neither a schedule that comes first nor a
 * function that is killed meanwhile makes one too many or too few.
 */
export async function makeTries(deps: MakeTriesDeps, tries: readonly Try[]): Promise<void> {
  const inTurn = atMost(TRIES_AT_ONCE);
  await Promise.all(
    tries.map(async ({ deliveryId, make }) => {
      try {
        const tried = await inTurn(make);
        if (tried !== undefined) await tryAgain(deps, tried, inTurn);
      } catch (cause) {
        deps.onError(deliveryId, cause);
      }
    }),
  );
}

async function tryAgain(
  deps: MakeTriesDeps,
  delivery: Delivery,
  inTurn: ReturnType<typeof atMost>,
): Promise<void> {
  const dueAtMs = secondTryAtMs(delivery);
  if (dueAtMs === undefined) return;
  const waitMs = Math.max(0, dueAtMs - deps.now());
  if (deps.remainingMs() < waitMs + TRY_MS) return;
  await deps.wait(waitMs);
  await inTurn(async () => {
    // Its turn may have come late.
    if (deps.remainingMs() >= TRY_MS) await retryDelivery(deps, { ...delivery, dueAtMs });
  });
}
