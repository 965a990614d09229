import type { Trail } from "../activity/trail.ts";
import type { Account } from "../identity/account-store.ts";
import type { FactorSummary } from "../mfa/factor.ts";
import { unsettled } from "./admit-attempt.ts";
import { checkAddress } from "./authenticate-caller.ts";
import { CHALLENGE_LIFETIME_MS } from "./login-challenge.ts";
import {
  newChallenge,
  type OpenSession,
  type OpenSessionDeps,
  openSession,
  sealChallenge,
} from "./open-session.ts";
import type { SecondFactors } from "./second-factors.ts";
import type { Session } from "./session.ts";
import type { Proof } from "./session-store.ts";
import { refusedProof } from "./start-session.ts";

/** What going on after the password needs. */
export interface ContinueSignInDeps extends OpenSessionDeps {
  readonly secondFactors: Pick<SecondFactors, "usable">;
}

/** How a sign-in goes on. */
export type SignedIn =
  | { readonly status: "active"; readonly session: Session; readonly account: Account }
  | {
      readonly status: "mfa_required";
      readonly challengeToken: string;
      readonly expiresInSeconds: number;
      readonly factors: readonly FactorSummary[];
    }
  | { readonly status: "mfa_enrollment_required"; readonly challengeToken: string };

/**
 * Goes on after the password was right: asks for a second factor, for the enrolment of one where the tenant demands
 * it, or opens the session.
 * @throws AppError as `openSession`
 */
export async function continueSignIn(
  deps: ContinueSignInDeps,
  signIn: OpenSession,
  trail: Trail,
): Promise<SignedIn> {
  const { account, place } = signIn;
  checkAddress(deps, account.tenant, place.ip);
  const usable = deps.secondFactors.usable(account);
  if (usable.length === 0 && account.tenant.policy.mfa === "optional") {
    return { status: "active", session: await openSession(deps, signIn, trail), account };
  }
  const challenge = newChallenge(deps, signIn, usable.length === 0 ? "enrollment" : "factor");
  trail.note({ next: usable.length === 0 ? "mfa_enrollment_required" : "mfa_required" });
  const outcome = await deps.challenges.add(challenge, { proofs: signIn.proofs.map(withoutSettling), trail });
  if (outcome !== "added") throw refusedProof(outcome);
  const challengeToken = await sealChallenge(deps.seals, challenge);
  return usable.length === 0
    ? { status: "mfa_enrollment_required", challengeToken }
    : {
        status: "mfa_required",
        challengeToken,
        expiresInSeconds: CHALLENGE_LIFETIME_MS / 1000,
        factors: usable,
      };
}

/** Whoever has the password alone must not get the failures with codes forgotten by showing it again. */
function withoutSettling(proof: Proof): Proof {
  return proof.kind === "attempts" ? unsettled(proof) : proof;
}
