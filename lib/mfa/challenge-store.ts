import type { Trail } from "../activity/trail.ts";
import type { Proof, ProofRefusal } from "../session/session-store.ts";
import type { EpochMs } from "../time.ts";
import type { ChallengeProgress } from "./challenge.ts";

/** A login that waits for its second factor: all that the session will need to know of the first. */
export interface LoginChallenge extends ChallengeProgress {
  readonly challengeId: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly amr: readonly string[];
  readonly authTimeMs: EpochMs;
  /** When a second factor was verified, where only the choice of a session to end is still open. */
  readonly factorVerifiedAtMs?: EpochMs;
  readonly deviceName?: string;
  readonly roleSubset?: readonly string[];
  /** What is still asked of the user. */
  readonly awaits: "factor" | "enrollment" | "replacement";
}

/** Where a challenge is. */
export type ChallengeRef = Pick<LoginChallenge, "tenantId" | "userId" | "challengeId">;

/** What is settled with a step that leads to a challenge. */
export interface ChallengeSettlement {
  readonly proofs: readonly Proof[];
  /** Absent where the step ends in a refusal, which makes a record of its own. */
  readonly trail?: Trail;
}

/** Keeps logins that are half done. */
export interface ChallengeStore {
  /** In one transaction with what led to it. */
  add(challenge: LoginChallenge, settlement: ChallengeSettlement): Promise<"added" | ProofRefusal>;
  /** Counts one more wrong code; the count after it, or `undefined` where the challenge is gone. */
  countWrong(ref: ChallengeRef): Promise<number | undefined>;
}
