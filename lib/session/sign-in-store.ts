import type { Account, Login } from "../identity/account-store.ts";
import type { SentCodes } from "../mfa/sms-code.ts";
import type { EpochMs } from "../time.ts";
import type { FailedAttempt, FailedAttempts } from "./failed-attempts.ts";
import type { LoginChallenge } from "./login-challenge.ts";

/** Whose address it is, and what is on record of where it is asked from. */
export interface FoundLogin {
  readonly login: Login | undefined;
  /** Failures from the asking address in this minute, of whatever accounts. */
  readonly addressFailures: number;
}

/** All that one step of a sign-in has to know, as it was at one moment. */
export interface SignInRows {
  /** `undefined` where there is nobody. */
  readonly account: Account | undefined;
  readonly attempts: FailedAttempts;
  /** The ids that the user's guard counts as active. */
  readonly guardedIds: readonly string[];
  /** The challenge that was asked for, if it is there. */
  readonly challenge: LoginChallenge | undefined;
  /** The codes sent to the user's phones. */
  readonly sentCodes: SentCodes;
}

/** A place that somebody signs in from. */
export interface SignInPlace {
  readonly ip: string;
  readonly userAgent: string;
}

/** Reads what signing in is decided by, and counts what fails. */
export interface SignInStore {
  find(email: string, source: string, nowMs: EpochMs): Promise<FoundLogin>;
  /** One round trip, whether there is such a user or not. */
  read(login: Login, challengeId?: string): Promise<SignInRows>;
  /** Whether the user has had a session from this address with this user agent, in the last 30 days or so. */
  isKnownDevice(login: Login, place: SignInPlace): Promise<boolean>;
  /** Counts one more failure, and removes those named by `forgotten`. */
  countFailure(login: Login, failure: FailedAttempt, forgotten: readonly FailedAttempt[]): Promise<void>;
  /** Counts one more failure of an address, of whatever account. */
  countAddressFailure(source: string, nowMs: EpochMs): Promise<void>;
}
