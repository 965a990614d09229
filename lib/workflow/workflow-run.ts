import type { Trail } from "../activity/trail.ts";
import type { CiTokenProof } from "../session/session-store.ts";

/** A run as far as its sessions go. */
export interface WorkflowRun {
  /** Every session of the run, oldest first. */
  readonly sessionIds: readonly string[];
  /** The last session of each key and trust rule that took part, by their id. */
  readonly seats: ReadonlyMap<string, string>;
  /** Somebody else than the run itself ended it: nobody opens a session of it any more. */
  readonly isClosed: boolean;
}

/** Where a run is. */
export interface RunRef {
  readonly tenantId: string;
  readonly runId: string;
}

/** The runs of every tenant, consistently read. */
export interface WorkflowRunStore {
  find(ref: RunRef): Promise<WorkflowRun>;
  /** Uses a token up that joins a session; `used` where it has been before. */
  useToken(ref: RunRef, proof: CiTokenProof, trail: Trail): Promise<"done" | "used">;
  /** Lets nobody open a session of the run any more. */
  close(ref: RunRef, trail: Trail): Promise<void>;
}
