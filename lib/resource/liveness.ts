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

/** Tells which sessions are alive at this moment, whether or not somebody has noticed the end of the others. */
export interface Liveness {
  aliveOf(tenantId: string, sessionIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those among the sessions that are over. */
  endedOf(tenantId: string, sessionIds: readonly string[]): Promise<readonly EndedSession[]>;
}
