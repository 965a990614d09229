import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Account } from "../identity/account-store.ts";
import type { SecondFactorCode } from "../mfa/code.ts";
import { type AdmitAttemptDeps, type Attempt, admitAttempt, countFailure } from "./admit-attempt.ts";
import { addMethod, type UsedMethod } from "./authentication-methods.ts";
import { ownerOf } from "./log-in.ts";
import type { ChallengeRef, ChallengeStore, LoginChallenge } from "./login-challenge.ts";
import { isChallengeOver, WRONG_CODES_MAX } from "./login-challenge.ts";
import { type OpenSessionDeps, openSession } from "./open-session.ts";
import type { SecondFactors } from "./second-factors.ts";
import type { Session } from "./session.ts";
import type { Proof } from "./session-store.ts";
import type { SignInPlace, SignInRows, SignInStore } from "./sign-in-store.ts";
import type { Seals } from "./token.ts";

/** What going on with a challenge needs. */
export interface OpenChallengeDeps {
  readonly signIns: Pick<SignInStore, "read">;
  readonly seals: Pick<Seals, "open">;
  readonly now: () => number;
}

/** What the second step of a sign-in needs. */
export interface VerifyMfaDeps extends OpenSessionDeps, AdmitAttemptDeps {
  readonly secondFactors: Pick<SecondFactors, "verifyCode">;
  readonly signIns: SignInStore;
  readonly challenges: ChallengeStore;
  readonly seals: Pick<Seals, "seal" | "open">;
}

/** A sign-in's second step. */
export interface VerifyMfa {
  readonly challengeToken: string;
  readonly code: SecondFactorCode;
  readonly factorId?: string | undefined;
  readonly place: SignInPlace;
  readonly requestId: string;
}

/** A half-done login with all that is known of it. */
export interface OpenedChallenge {
  readonly challenge: LoginChallenge;
  readonly account: Account;
  readonly rows: SignInRows;
}

/**
 * Checks the second factor of a half-done login and opens its session. The code and the challenge are used up in
 * the very transaction that makes the session: of two calls at once one wins.
 * @throws AppError `mfa.challenge_expired`, `mfa.invalid_code`, `rate.limited`, and as `openSession`
 */
export async function verifyMfa(
  deps: VerifyMfaDeps,
  input: VerifyMfa,
  trail: Trail,
): Promise<{ session: Session; account: Account }> {
  const opened = await openChallenge(deps, input.challengeToken, trail);
  const { challenge, account, rows } = opened;
  const attempt = codeAttempt(input, challenge, rows);
  const admitted = await admitAttempt(deps, attempt);
  checkChallenge(deps, challenge, "factor");
  const verified = await deps.secondFactors.verifyCode(account, {
    code: input.code,
    factorId: input.factorId,
    sentCodes: rows.sentCodes,
    purpose: challenge.challengeId,
  });
  if (verified === undefined) throw await wrongCode(deps, challenge, attempt);
  trail.note({ method: verified.method.type });
  const session = await completeChallenge(
    deps,
    { ...opened, place: input.place, method: verified.method, proofs: [admitted, ...verified.proofs] },
    trail,
  );
  return { session, account };
}

/**
 * Opens a challenge's token and reads its login, and tells the trail whose it is. Whether it is over is for
 * `checkChallenge` to say: those who guess are held back before that.
 * @throws AppError `mfa.challenge_expired`
 */
export async function openChallenge(
  deps: OpenChallengeDeps,
  challengeToken: string,
  trail: Trail,
): Promise<OpenedChallenge> {
  const sealed = await deps.seals.open("login-challenge", challengeToken);
  if (sealed === undefined) throw challengeExpired();
  // What opens under our key is what we sealed.
  return await openedFrom(deps, sealed as ChallengeRef, trail);
}

/** As `openChallenge`, for a challenge that another token names. @throws AppError `mfa.challenge_expired` */
export async function openedFrom(
  deps: Pick<OpenChallengeDeps, "signIns">,
  ref: ChallengeRef,
  trail: Trail,
): Promise<OpenedChallenge> {
  const rows = await deps.signIns.read(ref, ref.challengeId);
  const { account, challenge } = rows;
  if (account === undefined) throw challengeExpired();
  trail.by(ownerOf(account));
  const isBarred = account.user.disabled || account.tenant.status === "suspended";
  if (challenge === undefined || isBarred) throw challengeExpired();
  return { challenge, account, rows };
}

/** @throws AppError `mfa.challenge_expired` for one that is over, or that waits for something else */
export function checkChallenge(
  deps: Pick<OpenChallengeDeps, "now">,
  challenge: LoginChallenge,
  awaited: LoginChallenge["awaits"],
): void {
  if (challenge.awaits !== awaited || isChallengeOver(challenge, deps.now())) throw challengeExpired();
}

/** What is settled when a challenge is met. */
export interface CompleteChallenge extends OpenedChallenge {
  readonly place: SignInPlace;
  readonly method: UsedMethod;
  readonly proofs: readonly Proof[];
}

/** Opens the session of a login whose second factor was right, and uses the challenge up. @throws as `openSession` */
export async function completeChallenge(
  deps: OpenSessionDeps,
  { challenge, account, rows, place, method, proofs }: CompleteChallenge,
  trail: Trail,
): Promise<Session> {
  const nowMs = deps.now();
  return await openSession(
    deps,
    {
      account,
      place,
      progress: {
        amr: addMethod(challenge.amr, method),
        authTimeMs: nowMs,
        factorVerifiedAtMs: nowMs,
        ...(challenge.deviceName === undefined ? {} : { deviceName: challenge.deviceName }),
        ...(challenge.roleSubset === undefined ? {} : { roleSubset: challenge.roleSubset }),
      },
      proofs: [{ kind: "challenge", challengeId: challenge.challengeId }, ...proofs],
      guardedIds: rows.guardedIds,
    },
    trail,
  );
}

/** A code that is about to be looked at, as an attempt on its account. */
export function codeAttempt(
  input: Pick<VerifyMfa, "place" | "requestId">,
  login: Attempt["login"],
  { attempts }: Pick<SignInRows, "attempts">,
): Attempt {
  const { tenantId, userId } = login;
  return { ...input, login: { tenantId, userId }, attempts, addressFailures: 0 };
}

/** Counts a wrong code against its challenge and its account. */
export async function wrongCode(
  deps: AdmitAttemptDeps & { readonly challenges: Pick<ChallengeStore, "countWrong"> },
  challenge: LoginChallenge,
  attempt: Attempt,
): Promise<AppError> {
  const [wrongCodes] = await Promise.all([
    deps.challenges.countWrong(challenge),
    countFailure(deps, attempt, "code"),
  ]);
  if (wrongCodes === undefined || wrongCodes > WRONG_CODES_MAX) return challengeExpired();
  return new AppError("mfa.invalid_code", "The code is not valid.", {
    members: { attemptsLeft: WRONG_CODES_MAX - wrongCodes },
  });
}

/** The challenge is over, was used, or never was. */
export function challengeExpired(): AppError {
  return new AppError("mfa.challenge_expired", "The sign-in took too long or failed too often: begin again.");
}
