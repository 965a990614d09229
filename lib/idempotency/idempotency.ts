import type { EpochMs } from "../time.ts";

/** How long the first answer to a key is kept (contract section 1). */
export const IDEMPOTENCY_KEPT_MS = 24 * 60 * 60 * 1000;

/** How long a request may run before another may take its key over: longer than any function with a route lives. */
export const IDEMPOTENCY_LEASE_MS = 30_000;

/**
 * The longest answer that is kept, in characters. Written as JSON in JSON a quote takes four bytes, and sealing adds a
 * third: the longest still fits an item of the table (400 KB).
 */
export const KEPT_ANSWER_LENGTH_MAX = 70_000;

/** An answer as it went out, to be given again. The store seals it: it may hold a secret shown once. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request's claim on its key. */
export interface IdempotencyClaim {
  readonly tenantId: string;
  readonly userId: string;
  /** 1 to 255 printable ASCII characters. */
  readonly key: string;
  /** SHA-256 over method, path and body. */
  readonly fingerprint: string;
  readonly requestId: string;
  readonly nowMs: EpochMs;
}

/**
 * What came of a claim. `seed` and `firstAtMs` are those of the first attempt: a run that takes over from a killed
 * one makes the same ids again, and finds what the killed one had already made.
 */
export type ClaimOutcome =
  | { readonly is: "ours"; readonly seed: string; readonly firstAtMs: EpochMs }
  | { readonly is: "answered"; readonly answer: KeptAnswer }
  | { readonly is: "running" }
  | { readonly is: "mismatch" };

/** Keeps the first answer to each key, for a day. */
export interface IdempotencyStore {
  claim(claim: IdempotencyClaim): Promise<ClaimOutcome>;
  complete(claim: IdempotencyClaim, answer: KeptAnswer): Promise<void>;
  /** Gives the key back after a failure that is safe to repeat. */
  release(claim: IdempotencyClaim): Promise<void>;
  /** Lets the next request with the key take over at once, with the same seed. */
  handOver(claim: IdempotencyClaim): Promise<void>;
}
