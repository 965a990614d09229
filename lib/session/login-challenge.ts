import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";
import type { Proof, ProofRefusal } from "./session-store.ts";

/** How long a login waits for its second factor (contract section 2). */
export const CHALLENGE_LIFETIME_MS = 300_000;

/** After how many wrong codes a login is over (contract section 2). */
export const WRONG_CODES_MAX = 5;

/** A login that waits for its second factor: all that the session will need to know of the first. */
export interface LoginChallenge {
  readonly challengeId: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly createdAtMs: EpochMs;
  /** Counted by the server, so that the count cannot be turned back. */
  readonly wrongCodes: number;
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

/** Whether a challenge takes no more codes: at 5 min sharp, and after the fifth wrong code. */
export function isChallengeOver(
  challenge: Pick<LoginChallenge, "createdAtMs" | "wrongCodes">,
  nowMs: EpochMs,
): boolean {
  return nowMs >= challenge.createdAtMs + CHALLENGE_LIFETIME_MS || challenge.wrongCodes >= WRONG_CODES_MAX;
}
