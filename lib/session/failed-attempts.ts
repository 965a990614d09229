import type { EpochMs } from "../time.ts";

/** How long a failed attempt counts (contract section 2). */
export const ATTEMPT_WINDOW_MS = 900_000;

/** After how many failures from one address an account takes no more attempts from there (contract section 2). */
const FAILURES_MAX_FROM_ADDRESS = 5;

/** After how many failures from anywhere an account takes attempts from its known devices alone (contract section 2). */
const FAILURES_MAX_OF_ACCOUNT = 20;

/** After how many failures in a minute, of whatever accounts, an address is let in to accounts that know it alone. */
export const FAILURES_MAX_OF_ADDRESS = 100;

/** The span over which the failures of an address are counted: the minute of the clock. */
export const ADDRESS_WINDOW_MS = 60_000;

/** One wrong password or code. */
export interface FailedAttempt {
  /** The request's: counting it twice changes nothing. */
  readonly id: string;
  /** What counts as one address: an IPv4 address, or the /64 that a host on IPv6 has to itself. */
  readonly source: string;
  readonly atMs: EpochMs;
}

/** What is on record of an account's failures. */
export interface FailedAttempts {
  /** All that ever failed since the row was made, which tells whether more were counted meanwhile. */
  readonly total: number;
  /** Those not yet removed; they may be older than the window. */
  readonly kept: readonly FailedAttempt[];
}

/** How long an attempt has to wait, for either reason; 0 where it need not. */
export interface AttemptWaits {
  readonly fromSourceMs: number;
  readonly ofAccountMs: number;
}

/** The failures that no longer count. The window is half open: at `atMs + 15 min` a failure is forgotten. */
export function forgotten({ kept }: FailedAttempts, nowMs: EpochMs): readonly FailedAttempt[] {
  return kept.filter(({ atMs }) => atMs + ATTEMPT_WINDOW_MS <= nowMs);
}

/** The failures of an account from one address that still count, oldest first. */
export function failuresFrom(
  attempts: FailedAttempts,
  source: string,
  nowMs: EpochMs,
): readonly FailedAttempt[] {
  return counting(attempts, nowMs).filter((failure) => failure.source === source);
}

/** How long the next attempt on the account from that address has to wait. */
export function attemptWaits(attempts: FailedAttempts, source: string, nowMs: EpochMs): AttemptWaits {
  return {
    fromSourceMs: waitMs(failuresFrom(attempts, source, nowMs), FAILURES_MAX_FROM_ADDRESS, nowMs),
    ofAccountMs: waitMs(counting(attempts, nowMs), FAILURES_MAX_OF_ACCOUNT, nowMs),
  };
}

/** How many failures more there may be before a limit is reached; with the account's left out for a known device. */
export function failuresToSpare(
  attempts: FailedAttempts,
  { source, isKnownDevice, nowMs }: { source: string; isKnownDevice: boolean; nowMs: EpochMs },
): number {
  const fromSource = FAILURES_MAX_FROM_ADDRESS - failuresFrom(attempts, source, nowMs).length;
  const ofAccount = FAILURES_MAX_OF_ACCOUNT - counting(attempts, nowMs).length;
  return (isKnownDevice ? fromSource : Math.min(fromSource, ofAccount)) - 1;
}

function counting({ kept }: FailedAttempts, nowMs: EpochMs): readonly FailedAttempt[] {
  return kept
    .filter(({ atMs }) => atMs + ATTEMPT_WINDOW_MS > nowMs)
    .sort((one, other) => one.atMs - other.atMs);
}

/** Until so many of the failures are forgotten that fewer than `max` count. */
function waitMs(failures: readonly FailedAttempt[], max: number, nowMs: EpochMs): number {
  const deciding = failures.at(-max);
  return deciding === undefined ? 0 : deciding.atMs + ATTEMPT_WINDOW_MS - nowMs;
}
