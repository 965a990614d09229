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

/** Keeps logins that are half done. */
export interface ChallengeStore {
  add(challenge: LoginChallenge): Promise<void>;
  get(ref: ChallengeRef): Promise<LoginChallenge | undefined>;
  /** Counts one more wrong code; the count after it, or `undefined` where the challenge is gone. */
  countWrong(ref: ChallengeRef): Promise<number | undefined>;
}
