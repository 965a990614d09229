import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Account, AccountStore } from "../identity/account-store.ts";
import { addMethod } from "../mfa/authentication-methods.ts";
import { isChallengeOver, WRONG_CODES_MAX } from "../mfa/challenge.ts";
import type { ChallengeRef, ChallengeStore, LoginChallenge } from "../mfa/challenge-store.ts";
import type { SecondFactorCode } from "../mfa/code.ts";
import type { VerifiedFactor } from "../mfa/verify-factor.ts";
import type { Device, Session } from "./session.ts";
import { type StartSessionDeps, startSession } from "./start-session.ts";
import type { Seals } from "./token.ts";

/** What the second step of a sign-in needs. */
export interface VerifyMfaDeps extends StartSessionDeps {
  readonly accounts: Pick<AccountStore, "read">;
  readonly challenges: Pick<ChallengeStore, "get" | "countWrong">;
  readonly seals: Pick<Seals, "open">;
  /** Finds the factor that a code is of; `undefined` for a wrong one. */
  readonly verifyCode: (account: Account, input: VerifyCode) => Promise<VerifiedFactor | undefined>;
}

/** A code, and the factor it is meant for where the user said so. */
export interface VerifyCode {
  readonly code: SecondFactorCode;
  readonly factorId?: string | undefined;
  readonly context: string;
}

/** A sign-in's second step. */
export interface VerifyMfa {
  readonly challengeToken: string;
  readonly code: SecondFactorCode;
  readonly factorId?: string | undefined;
  readonly device: (name: string | undefined) => Device;
  readonly ip: string;
  readonly userAgent: string;
}

/**
 * Checks the second factor of a half-done login and opens its session. The code and the challenge are used up in
 * the very transaction that makes the session: of two calls at once one wins.
 * @throws AppError `mfa.challenge_expired`, `mfa.invalid_code`, `session.limit_reached`
 */
export async function verifyMfa(
  deps: VerifyMfaDeps,
  input: VerifyMfa,
  trail: Trail,
): Promise<{ session: Session; account: Account }> {
  const { challenge, account } = await openChallenge(deps, input.challengeToken, trail);
  if (challenge.awaits !== "factor") throw challengeExpired();
  const verified = await deps.verifyCode(account, {
    code: input.code,
    factorId: input.factorId,
    context: challenge.challengeId,
  });
  if (verified === undefined) throw await wrongCode(deps, challenge);
  const nowMs = deps.now();
  const session = await startSession(
    deps,
    {
      user: account.user,
      tenant: account.tenant,
      kind: "interactive",
      device: input.device(challenge.deviceName),
      ip: input.ip,
      userAgent: input.userAgent,
      amr: addMethod(challenge.amr, verified.method),
      authTimeMs: nowMs,
      factorVerifiedAtMs: nowMs,
      roleSubset: challenge.roleSubset,
      proofs: [{ kind: "challenge", challengeId: challenge.challengeId }, ...verified.proofs],
    },
    trail,
  );
  return { session, account };
}

/** Opens a challenge that is still good, and tells the trail whose it is. @throws AppError `mfa.challenge_expired` */
export async function openChallenge(
  deps: Pick<VerifyMfaDeps, "accounts" | "challenges" | "seals" | "now">,
  challengeToken: string,
  trail: Trail,
): Promise<{ challenge: LoginChallenge; account: Account }> {
  const sealed = await deps.seals.open("login-challenge", challengeToken);
  if (sealed === undefined) throw challengeExpired();
  // What opens under our key is what we sealed.
  const ref = sealed as ChallengeRef;
  const [challenge, account] = await Promise.all([deps.challenges.get(ref), deps.accounts.read(ref)]);
  if (account === undefined) throw challengeExpired();
  trail.by({
    tenantId: account.tenant.tenantId,
    actor: { type: "user", id: account.user.userId, name: account.user.email },
    retentionDays: account.tenant.policy.activityRetentionDays,
  });
  const isBarred = account.user.disabled || account.tenant.status === "suspended";
  if (challenge === undefined || isChallengeOver(challenge, deps.now()) || isBarred) throw challengeExpired();
  return { challenge, account };
}

/** The challenge is over, was used, or never was. */
export function challengeExpired(): AppError {
  return new AppError("mfa.challenge_expired", "The sign-in took too long or failed too often: begin again.");
}

async function wrongCode(
  deps: Pick<VerifyMfaDeps, "challenges">,
  challenge: LoginChallenge,
): Promise<AppError> {
  const wrongCodes = await deps.challenges.countWrong(challenge);
  if (wrongCodes === undefined || wrongCodes > WRONG_CODES_MAX) return challengeExpired();
  return new AppError("mfa.invalid_code", "The code is not valid.", {
    members: { attemptsLeft: WRONG_CODES_MAX - wrongCodes },
  });
}
