import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";
import type { Session } from "./session.ts";

/** The largest value, in bytes of UTF-8 (contract section 3). */
export const STATE_BYTES_MAX = 256 * 1024;

/** Keys of one session (contract section 3). */
export const STATE_KEYS_MAX = 100;

/** What is known of a value without reading it. */
export interface StateEntry {
  readonly key: string;
  /** Counts the writes since the key was made; its `ETag`. */
  readonly version: number;
  /** Bytes of UTF-8. */
  readonly size: number;
  readonly updatedAtMs: EpochMs;
}

/** A value as its client wrote it: JSON text, kept to the letter, so that no number is rounded on the way. */
export interface StateDocument extends StateEntry {
  readonly json: string;
}

/** Which version a write replaces: any, none (`If-None-Match: *`), or the very one its writer has seen. */
export type Expected =
  | { readonly is: "any" }
  | { readonly is: "absent" }
  | { readonly is: "version"; readonly version: number };

/** One write. `expiresAtMs` is when nobody can need the value any more. */
export interface StateWrite {
  readonly session: Pick<Session, "tenantId" | "sessionId">;
  readonly key: string;
  readonly json: string;
  readonly size: number;
  readonly expected: Expected;
  readonly nowMs: EpochMs;
  readonly expiresAtMs: EpochMs;
}

/** What came of a write: `stale` where the expectation does not hold, `full` where it would be a key too many. */
export type StateWritten =
  | { readonly is: "written"; readonly entry: StateEntry }
  | { readonly is: "stale" }
  | { readonly is: "full" };

/** Where a session's state is. */
export type StateOwner = Pick<Session, "tenantId" | "sessionId">;

/** What sessions keep for their clients, key by key. */
export interface StateStore {
  list(owner: StateOwner): Promise<readonly StateEntry[]>;
  /** All of it, values included. */
  readAll(owner: StateOwner): Promise<readonly StateDocument[]>;
  read(owner: StateOwner, key: string): Promise<StateDocument | undefined>;
  write(write: StateWrite, trail?: Trail): Promise<StateWritten>;
  /** `absent` where there is no such key, `stale` where it is at another version. */
  remove(owner: StateOwner, removal: StateRemoval, trail: Trail): Promise<"removed" | "absent" | "stale">;
  /** How many keys each session has; sessions without any are left out. */
  counts(tenantId: string, sessionIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** Which key to remove, and at which version. */
export interface StateRemoval {
  readonly key: string;
  readonly expected: Exclude<Expected, { readonly is: "absent" }>;
}
