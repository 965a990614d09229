import { assertNever } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import { type Blueprint, isSameBlueprint, type Operation, type ProviderName } from "./resource.ts";

/** One operation for the provider. */
export interface Order {
  readonly tenantId: string;
  readonly resourceId: string;
  /** Absent until the provider has named the thing. */
  readonly providerId?: string;
  /** What it is now; for `resize` the operation says what it is to be. */
  readonly blueprint: Blueprint;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly operation: Operation;
  /** The same token is carried out once, however often it comes. */
  readonly token: string;
  readonly sinceMs: EpochMs;
  /** What the provider calls the volume of `attach_volume` and `detach_volume`, and the targets of a load balancer. */
  readonly providerIds: Readonly<Record<string, string>>;
}

/** Why the provider will not. */
export interface Refusal {
  /** A short name, such as `capacity`. */
  readonly code: string;
  /** One sentence for people. */
  readonly message: string;
}

/** A thing as the provider has it. */
export interface Observed {
  readonly providerId: string;
  /** `pending`: the provider is still at work on it. */
  readonly state: "pending" | "running" | "stopped" | "failed";
  /** Since when it is in this state, where the provider knows. */
  readonly sinceMs?: EpochMs;
  /** What it measures, where the provider says. */
  readonly blueprint?: Blueprint;
  readonly reason?: Refusal;
}

/** How far the provider is with an order. */
export type Progress =
  | { readonly is: "done"; readonly observed?: Observed }
  | { readonly is: "under_way"; readonly providerId?: string }
  | { readonly is: "refused"; readonly refusal: Refusal };

/** How to find a thing of ours at the provider. */
export interface ThingRef {
  readonly tenantId: string;
  readonly resourceId: string;
  readonly providerId?: string;
  readonly type: Blueprint["type"];
}

/** A thing that the provider has and that names this tenant as its owner. */
export interface Stocked {
  readonly providerId: string;
  readonly resourceId?: string;
}

/**
 * Where resources really are. Orders are idempotent by token. A fault that may pass is thrown as `unavailable`: the
 * order stays pending and is given again.
 */
export interface Provider {
  perform(order: Order): Promise<Progress>;
  /** What there is of the things asked for, by resource id; what is missing is not there. */
  observe(things: readonly ThingRef[]): Promise<ReadonlyMap<string, Observed>>;
  /** Everything of a tenant that the provider has, known here or not. */
  stock(tenantId: string): Promise<readonly Stocked[]>;
}

/** The provider of a name. */
export type Providers = (name: ProviderName) => Promise<Provider>;

/** What a provider has taken on may take so long to show in what it says that it has. */
const SHOWS_WITHIN_MS = 300_000;

/** Reads from what the provider has how far an order is that it took on before. */
export function progressOf(
  { operation, sinceMs }: Pick<Order, "operation" | "sinceMs">,
  observed: Observed | undefined,
  nowMs: EpochMs,
): Progress {
  if (operation.kind === "delete") return observed === undefined ? { is: "done" } : underWay(observed);
  if (observed === undefined) {
    if (nowMs - sinceMs < SHOWS_WITHIN_MS) return { is: "under_way" };
    return { is: "refused", refusal: { code: "gone", message: "The provider does not have it any more." } };
  }
  if (observed.state === "failed") {
    const refusal = observed.reason ?? { code: "failed", message: "The provider could not do it." };
    return { is: "refused", refusal };
  }
  return hasReached(operation, observed) ? { is: "done", observed } : underWay(observed);
}

function hasReached(
  operation: Exclude<Operation, { kind: "delete" }>,
  { state, blueprint }: Observed,
): boolean {
  switch (operation.kind) {
    case "create":
    case "start":
      return state === "running";
    case "stop":
      return state === "stopped";
    case "resize":
      return state !== "pending" && (blueprint === undefined || isSameBlueprint(blueprint, operation.to));
    case "attach_volume":
    case "detach_volume":
      return state !== "pending";
    default:
      return assertNever(operation);
  }
}

function underWay({ providerId }: Observed): Progress {
  return { is: "under_way", providerId };
}
