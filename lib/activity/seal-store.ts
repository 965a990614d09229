import type { EpochMs } from "../time.ts";
import type { Leaf } from "./export-jsonl.ts";
import type { Seal } from "./seal.ts";

/** The public half of a key that seals were signed with, as RFC 7517 has it. */
export type SealKey = Readonly<Record<string, unknown>>;

/** A seal as it is kept. */
export interface StoredSeal {
  readonly tenantId: string;
  readonly seal: Seal;
  /** Kept with the seal: a key that has retired is published no more. */
  readonly jwk: SealKey;
  /** The last entry of the journal under it. */
  readonly throughEntry: number;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  /** The times of the first and the last of its records, which can be long before they were received. */
  readonly earliestMs: EpochMs;
  readonly latestMs: EpochMs;
  /** When the last of its records leaves the log. */
  readonly keptUntilMs: EpochMs;
}

/** One page of seals, newest first, with the beginning of the last of them when there may be more. */
export interface SealPage {
  readonly seals: readonly StoredSeal[];
  readonly nextBeforeMs?: EpochMs;
}

/** The seals of every tenant. They are only ever added, each where the one before it ends. */
export interface SealStore {
  /** The tenant's last seal. */
  last(tenantId: string): Promise<StoredSeal | undefined>;
  /** Adds a seal with its leaves, in order, all or nothing; `false` when there is one that begins there. */
  append(stored: StoredSeal, leaves: readonly Leaf[]): Promise<boolean>;
  /** The seals under which a record can be that was received then, oldest first: it is under one at most. */
  from(tenantId: string, receivedAtMs: EpochMs): AsyncIterable<StoredSeal>;
  leavesOf(stored: StoredSeal): Promise<readonly Leaf[]>;
  /** Those that begin before `beforeMs`, newest first. */
  list(query: {
    readonly tenantId: string;
    readonly limit: number;
    readonly beforeMs?: EpochMs;
  }): Promise<SealPage>;
  /** Those that may be over records of a stretch of time, which can have come in much later. */
  overlapping(
    tenantId: string,
    range: { readonly fromMs: EpochMs; readonly toMs: EpochMs },
  ): Promise<readonly StoredSeal[]>;
}

/** A tenant whose journal has something new, with the number of its last entry, which may still be on its way. */
export interface TenantBacklog {
  readonly tenantId: string;
  readonly number: number;
}

/** The tenants whose journals have something new, so that nobody has to look at all of them. */
export interface SealBacklog {
  backlog(): AsyncIterable<TenantBacklog>;
  /** Takes a tenant off the list, unless more has come since it was read. */
  clear(backlog: TenantBacklog): Promise<void>;
}
