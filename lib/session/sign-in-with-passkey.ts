import type { Trail } from "../activity/trail.ts";
import type { Account } from "../identity/account-store.ts";
import type { AdmitAttemptDeps } from "./admit-attempt.ts";
import { addMethod } from "./authentication-methods.ts";
import { invalidCredentials, ownerOf } from "./log-in.ts";
import type { ChallengeRef, ChallengeStore } from "./login-challenge.ts";
import { type OpenSessionDeps, openSession } from "./open-session.ts";
import { openPasskeyChallenge, type PasskeyChallenge } from "./passkey-challenge.ts";
import type { SecondFactors } from "./second-factors.ts";
import type { Session } from "./session.ts";
import type { SignInPlace, SignInStore } from "./sign-in-store.ts";
import type { Seals } from "./token.ts";
import {
  challengeExpired,
  checkChallenge,
  codeAttempt,
  completeChallenge,
  openedFrom,
  wrongCode,
} from "./verify-mfa.ts";

/** What signing in with a passkey needs. */
export interface SignInWithPasskeyDeps extends OpenSessionDeps, AdmitAttemptDeps {
  readonly secondFactors: Pick<SecondFactors, "passkeyOwner" | "verifyPasskey">;
  readonly signIns: SignInStore;
  readonly challenges: ChallengeStore;
  readonly seals: Pick<Seals, "seal" | "open">;
}

/** A passkey's answer. */
export interface SignInWithPasskey {
  readonly passkeyToken: string;
  /** The browser's `AuthenticationResponseJSON`, unparsed. */
  readonly credential: unknown;
  readonly place: SignInPlace;
  readonly requestId: string;
}

/**
 * Signs in with a passkey: with one alone, which must have verified its user and then is two factors, or as the second
 * factor of a login. A passkey cannot be guessed: no failure of others keeps its owner out.
 * @throws AppError `mfa.challenge_expired`, `auth.invalid_credentials` (alone), `mfa.invalid_code` (second factor), and as
 * `openSession`
 */
export async function signInWithPasskey(
  deps: SignInWithPasskeyDeps,
  input: SignInWithPasskey,
  trail: Trail,
): Promise<{ session: Session; account: Account }> {
  const asked = await openPasskeyChallenge(deps.seals, input.passkeyToken);
  if (asked === undefined) throw challengeExpired();
  return asked.login === undefined
    ? await signInAlone(deps, { ...input, asked }, trail)
    : await completeLogin(deps, { ...input, asked, login: asked.login }, trail);
}

interface Answer extends SignInWithPasskey {
  readonly asked: PasskeyChallenge;
}

async function signInAlone(deps: SignInWithPasskeyDeps, answer: Answer, trail: Trail) {
  const { asked, credential, place } = answer;
  const owner = deps.secondFactors.passkeyOwner(credential);
  if (owner === undefined) throw invalidCredentials();
  const { account, guardedIds } = await deps.signIns.read(owner);
  if (account === undefined) throw invalidCredentials();
  trail.by(ownerOf(account));
  const verified = await deps.secondFactors.verifyPasskey(account, { credential, asked, isSoleFactor: true });
  const isBarred = account.user.disabled || account.tenant.status === "suspended";
  if (verified === undefined || isBarred) throw invalidCredentials();
  const nowMs = deps.now();
  const progress = { amr: addMethod([], verified.method), authTimeMs: nowMs, factorVerifiedAtMs: nowMs };
  const session = await openSession(
    deps,
    { account, place, progress, proofs: verified.proofs, guardedIds },
    trail,
  );
  return { session, account };
}

async function completeLogin(
  deps: SignInWithPasskeyDeps,
  answer: Answer & { readonly login: ChallengeRef },
  trail: Trail,
) {
  const { asked, credential, place, login } = answer;
  const opened = await openedFrom(deps, login, trail);
  const { challenge, account, rows } = opened;
  checkChallenge(deps, challenge, "factor");
  const verified = await deps.secondFactors.verifyPasskey(account, {
    credential,
    asked,
    isSoleFactor: false,
  });
  if (verified === undefined) throw await wrongCode(deps, challenge, codeAttempt(answer, challenge, rows));
  const { method, proofs } = verified;
  const session = await completeChallenge(deps, { ...opened, place, method, proofs }, trail);
  return { session, account };
}
