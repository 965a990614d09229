import type { EpochMs } from "../time.ts";
import type { Origin } from "./resource.ts";

/** A session that is over, and what its tenant wants done then (contract section 3, `onSessionEnd`). */
export interface EndedSession {
  readonly tenantId: string;
  readonly sessionId: string;
  /** When it logically ended, which is not when somebody noticed. */
  readonly endedAtMs: EpochMs;
  readonly origin: Origin;
  readonly onSessionEnd: "keep" | "stop";
}

/** Tells which sessions are alive, and which are over. */
export interface Liveness {
  /** As of this moment, whether or not somebody has noticed the end of the others. */
  aliveOf(tenantId: string, sessionIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Those that are over, or have left their table. The end of one that is over unnoticed is put on record first: until it
   * is written, another policy gives it another.
   */
  endedOf(tenantId: string, sessionIds: readonly string[]): Promise<readonly EndedSession[]>;
}
