import type { Trail } from "../activity/trail.ts";
import type { InvitationRef } from "../identity/invitation.ts";
import { acceptablePassword } from "./change-password.ts";
import { type ContinueSignInDeps, continueSignIn, type SignedIn } from "./continue-sign-in.ts";
import { ownerOf } from "./log-in.ts";
import type { CommonPasswords, PasswordHasher } from "./password-policy.ts";
import { linkInvalid } from "./password-reset.ts";
import type { SignInPlace, SignInStore } from "./sign-in-store.ts";
import { orUsed } from "./start-session.ts";

/** What accepting an invitation needs. */
export interface AcceptInvitationDeps extends ContinueSignInDeps {
  readonly signIns: Pick<SignInStore, "read">;
  /** `undefined` for what was altered, has expired or is none. */
  readonly openInvitation: (token: string) => Promise<InvitationRef | undefined>;
  readonly passwords: Pick<PasswordHasher, "hash">;
  readonly commonPasswords: CommonPasswords;
}

/** The token of an invitation, and the password chosen. */
export interface AcceptInvitation {
  readonly token: string;
  readonly password: string;
  readonly place: SignInPlace;
}

/**
 * Accepts an invitation and signs in. The invitation is used up, and the password set, in the transaction of that
 * sign-in's first step: of two calls at once one wins.
 * @throws AppError `auth.token_invalid`, `request.invalid` at `/password`, and as `continueSignIn`
 */
export async function acceptInvitation(
  deps: AcceptInvitationDeps,
  { token, password, place }: AcceptInvitation,
  trail: Trail,
): Promise<SignedIn> {
  const ref = await deps.openInvitation(token);
  if (ref === undefined) throw linkInvalid();
  const { account, guardedIds } = await deps.signIns.read(ref);
  if (account === undefined) throw linkInvalid();
  trail.by(ownerOf(account));
  const { user, tenant, invitation } = account;
  const isBarred = user.disabled || user.status !== "invited" || tenant.status === "suspended";
  const nowMs = deps.now();
  if (invitation?.invitationId !== ref.invitationId || nowMs >= invitation.expiresAtMs || isBarred) {
    throw linkInvalid();
  }
  const chosen = acceptablePassword(deps, account, { password, pointer: "/password" });
  const passwordHash = await deps.passwords.hash(chosen);
  const accepted = { user, invitationId: ref.invitationId, passwordHash, atMs: nowMs };
  const signIn = {
    account: { ...account, user: { ...user, status: "active" } as const },
    place,
    progress: { amr: ["pwd"], authTimeMs: nowMs },
    proofs: [{ kind: "invitation", accepted } as const],
    guardedIds,
  };
  return await orUsed(continueSignIn(deps, signIn, trail), linkInvalid);
}
