import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Factor } from "../mfa/factor.ts";
import type { FactorStore } from "../mfa/factor-store.ts";
import type { FactorProved, Shown } from "../mfa/prove-factor.ts";
import { type AdmitAttemptDeps, admitAttempt, countFailure, unsettled } from "./admit-attempt.ts";
import type { Caller } from "./caller.ts";
import type { Enrolling } from "./enrolling.ts";
import type { ChallengeStore } from "./login-challenge.ts";
import type { OpenSessionDeps } from "./open-session.ts";
import type { SecondFactors } from "./second-factors.ts";
import type { Session } from "./session.ts";
import type { SignInPlace, SignInStore } from "./sign-in-store.ts";
import { refusedProof } from "./start-session.ts";
import { codeAttempt, completeChallenge, wrongCode } from "./verify-mfa.ts";

/** What confirming a factor needs. */
export interface ConfirmFactorDeps extends AdmitAttemptDeps {
  readonly secondFactors: Pick<SecondFactors, "prove">;
  readonly signIns: SignInStore;
  readonly factors: Pick<FactorStore, "verify">;
}

/** What confirming the factor that completes a sign-in needs. */
export interface ConfirmEnrolmentDeps extends AdmitAttemptDeps, OpenSessionDeps {
  readonly secondFactors: Pick<SecondFactors, "prove">;
  readonly challenges: ChallengeStore;
}

/** The proof that a factor works. */
export interface ConfirmFactor<Who> {
  readonly caller: Who;
  readonly factorId: string;
  readonly shown: Shown;
  readonly place: SignInPlace;
  readonly requestId: string;
}

/** A factor that protects from now on; with the first one come ten recovery codes, to be shown once. */
export interface FactorConfirmed {
  readonly factor: Factor;
  readonly recoveryCodes?: readonly string[];
}

const ATTEMPTS = 3;

/**
 * Confirms a new factor of somebody who is signed in. Their session is not raised by it: a factor that came a moment
 * ago says nothing about who added it.
 * @throws AppError `mfa.invalid_code`, `not_found`, `conflict`, `rate.limited`
 */
export async function confirmFactor(
  deps: ConfirmFactorDeps,
  input: ConfirmFactor<Caller>,
  trail: Trail,
): Promise<FactorConfirmed> {
  const { caller, factorId, shown } = input;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const rows = await deps.signIns.read(caller);
    const { account, sentCodes } = rows;
    if (account === undefined) break;
    const tried = codeAttempt(input, caller, rows);
    const admitted = await admitAttempt(deps, tried);
    const proved = await deps.secondFactors.prove({ account, factorId, shown, sentCodes });
    if (proved === undefined) {
      await countFailure(deps, tried, "code");
      throw refusedProof("proof_used");
    }
    describe(trail, proved);
    const outcome = await deps.factors.verify(
      proved.verified,
      [unsettled(admitted), ...proved.proofs],
      trail,
    );
    if (outcome === "done") return confirmed(proved);
    if (outcome !== "moved") throw refusedProof(outcome);
  }
  throw new AppError("conflict", "The user or the factor was changed at the same moment: try again.");
}

/**
 * Confirms the factor that a sign-in waits for, and opens its session: factor, recovery codes and session in one
 * transaction.
 * @throws AppError as `confirmFactor`, `mfa.challenge_expired`, and as `openSession`
 */
export async function confirmEnrolment(
  deps: ConfirmEnrolmentDeps,
  input: ConfirmFactor<Enrolling>,
  trail: Trail,
): Promise<FactorConfirmed & { readonly session: Session }> {
  const { caller, factorId, shown, place } = input;
  const { account, rows, challenge } = caller;
  const attempt = codeAttempt(input, challenge, rows);
  const admitted = await admitAttempt(deps, attempt);
  const proved = await deps.secondFactors.prove({ account, factorId, shown, sentCodes: rows.sentCodes });
  if (proved === undefined) throw await wrongCode(deps, challenge, attempt);
  describe(trail, proved);
  const proofs = [admitted, { kind: "enrolment", verified: proved.verified } as const, ...proved.proofs];
  const { method } = proved;
  const session = await completeChallenge(deps, { account, rows, challenge, place, method, proofs }, trail);
  return { ...confirmed(proved), session };
}

function describe(trail: Trail, { verified }: FactorProved): void {
  trail.about({ type: "factor", id: verified.factor.factorId });
  trail.note({ factorType: verified.factor.type });
}

function confirmed({ verified, recoveryCodes }: FactorProved): FactorConfirmed {
  return { factor: verified.factor, ...(recoveryCodes === undefined ? {} : { recoveryCodes }) };
}
