import type { EpochMs } from "../time.ts";
import type { MessageType } from "./event.ts";
import type { WebhookFormat, WebhookKey } from "./webhook.ts";

/** Why a try came to no answer. `address_refused` is a name that stands for an address that is not public. */
export type AttemptError =
  | "timeout"
  | "name_not_resolved"
  | "address_refused"
  | "tls_failed"
  | "connection_failed";

/** One try to deliver a message: the status that was answered, or why there was none. */
export interface Attempt {
  readonly atMs: EpochMs;
  readonly durationMs: number;
  readonly status?: number;
  readonly error?: AttemptError;
  /** How long the answer asked to be left alone. */
  readonly retryAfterMs?: number;
}

/** A message on its way to one endpoint. */
export interface Delivery extends WebhookKey {
  /** `msg_…`: the `webhook-id` of each try and of every replay, and the same at all endpoints. */
  readonly deliveryId: string;
  readonly type: MessageType;
  readonly format: WebhookFormat;
  /** The JSON that is sent, or the claims of the token that is. */
  readonly body: string;
  readonly createdAtMs: EpochMs;
  /** `dead` after the last try, until somebody replays it. */
  readonly status: "pending" | "delivered" | "dead";
  /** Tries since it was made, or replayed. */
  readonly tries: number;
  /** The latest ones, oldest first. */
  readonly attempts: readonly Attempt[];
  /** When it is looked at next; of a pending one alone. */
  readonly dueAtMs?: EpochMs;
  /** Counts up from 1. */
  readonly version: number;
}

/** Which delivery. */
export type DeliveryKey = Pick<Delivery, "tenantId" | "webhookId" | "deliveryId">;

/** That a delivery is to be looked at, as of when it was put down. */
export interface DueDelivery extends DeliveryKey {
  readonly dueAtMs: EpochMs;
}

/** Which deliveries of an endpoint to list. */
export interface DeliveryQuery extends WebhookKey {
  readonly status: Delivery["status"] | undefined;
  /** 1 to 200. */
  readonly limit: number;
  readonly afterId: string | undefined;
}

/** One page of deliveries, newest first. It may be shorter than asked for where a status is. */
export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  readonly nextAfterId?: string;
}

/** The deliveries of every endpoint, kept for 30 days, and those of them that are due. */
export interface DeliveryStore {
  /** Puts a delivery in the place of `before`, or of none; `moved` where somebody else has done so first. */
  save(before: Delivery | undefined, after: Delivery): Promise<"done" | "moved">;
  get(key: DeliveryKey): Promise<Delivery | undefined>;
  list(query: DeliveryQuery): Promise<DeliveryPage>;
  /** Those due by now, about the first to be due first. */
  due(nowMs: EpochMs, limit: number): Promise<readonly DueDelivery[]>;
  /** Takes away what a delivery is not due by any more. */
  forget(due: DueDelivery): Promise<void>;
}

/** How long after a failed try the next one is made (Standard Webhooks 1.0.0, "Deliverability and reliability"). */
const RETRY_DELAYS_SECONDS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** Nobody is left alone for longer, whatever they ask for. */
const DELAY_MAX_MS = Math.max(...RETRY_DELAYS_SECONDS) * 1000;

/** The first delay at its longest. */
const FIRST_DELAY_MAX_MS = 5500;

/** By how much of it a delay grows at random, so that what failed together does not come back together. */
const JITTER_SHARE = 0.1;

/** Who takes a delivery on has so long until another may: longer than a try can take. */
const CLAIM_MS: EpochMs = 60_000;

const ATTEMPTS_KEPT = 20;

/** The delivery of a message as it begins. */
export type NewDelivery = Omit<Delivery, "status" | "tries" | "attempts" | "dueAtMs" | "version">;

/** A delivery to be tried at once by whoever makes it, or `later` by the schedule. */
export function newDelivery(message: NewDelivery, when: "at_once" | "later"): Delivery {
  const dueAtMs = message.createdAtMs + (when === "at_once" ? CLAIM_MS : 0);
  return { ...message, status: "pending", tries: 0, attempts: [], dueAtMs, version: 1 };
}

/** A delivery taken on for a try: should that never come back, another may take it on. */
export function claimed(delivery: Delivery, nowMs: EpochMs): Delivery {
  return { ...delivery, dueAtMs: nowMs + CLAIM_MS, version: delivery.version + 1 };
}

/** A delivery to be tried again from the first of its tries on, whatever became of it before. */
export function replayed(delivery: Delivery, nowMs: EpochMs): Delivery {
  return { ...claimed(delivery, nowMs), status: "pending", tries: 0 };
}

/** A delivery that nothing more is to be done about. */
export function settled(delivery: Delivery, status: "delivered" | "dead"): Delivery {
  const { dueAtMs: _dueAtMs, ...rest } = delivery;
  return { ...rest, status, version: delivery.version + 1 };
}

/**
 * A delivery after a try: delivered by any 2xx, pending until the next try, or dead after the last. The next one comes
 * after the published delay, or after what the endpoint asked for where that is longer. A trial is tried once.
 * @param random - from 0 to 1
 */
export function afterAttempt(delivery: Delivery, attempt: Attempt, random: number): Delivery {
  const tries = delivery.tries + 1;
  const tried = {
    ...delivery,
    tries,
    attempts: [...delivery.attempts, attempt].slice(-ATTEMPTS_KEPT),
  };
  if (isAccepted(attempt)) return settled(tried, "delivered");
  const delaySeconds = RETRY_DELAYS_SECONDS[delivery.tries];
  if (delaySeconds === undefined || delivery.type === "webhook.test") return settled(tried, "dead");
  const leastMs = Math.max(delaySeconds * 1000, Math.min(attempt.retryAfterMs ?? 0, DELAY_MAX_MS));
  const delayMs = Math.round(leastMs * (1 + random * JITTER_SHARE));
  return { ...tried, dueAtMs: endedAtMs(attempt) + delayMs, version: delivery.version + 1 };
}

/**
 * When the second try is due that whoever made the first one stays for; `undefined` where there is none, where the
 * endpoint is gone (410), and where it asked to be left alone for longer than the first delay.
 */
export function secondTryAtMs({ tries, attempts, dueAtMs }: Delivery): EpochMs | undefined {
  const last = attempts.at(-1);
  if (tries !== 1 || last === undefined || isGone(last) || dueAtMs === undefined) return undefined;
  return dueAtMs - endedAtMs(last) <= FIRST_DELAY_MAX_MS ? dueAtMs : undefined;
}

/** Whether the endpoint wants no message any more. */
export function isGone({ status }: Attempt): boolean {
  return status === 410;
}

function endedAtMs({ atMs, durationMs }: Attempt): EpochMs {
  return atMs + durationMs;
}

/** Whether the endpoint has taken the message (Standard Webhooks: any 2xx). */
export function isAccepted({ status }: Attempt): boolean {
  return status !== undefined && status >= 200 && status <= 299;
}
