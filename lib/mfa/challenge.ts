import type { EpochMs } from "../time.ts";

/** How long a login waits for its second factor (contract section 2). */
export const CHALLENGE_LIFETIME_MS = 300_000;

/** After how many wrong codes a login is over (contract section 2). */
export const WRONG_CODES_MAX = 5;

/** How a challenge stands. It is kept by the server, so that the count cannot be turned back. */
export interface ChallengeProgress {
  readonly createdAtMs: EpochMs;
  readonly wrongCodes: number;
}

/** Whether a challenge takes no more codes: at 5 min sharp, and after the fifth wrong code. */
export function isChallengeOver(challenge: ChallengeProgress, nowMs: EpochMs): boolean {
  return nowMs >= challenge.createdAtMs + CHALLENGE_LIFETIME_MS || challenge.wrongCodes >= WRONG_CODES_MAX;
}
