import type { Trail } from "../activity/trail.ts";
import type { Account } from "../identity/account-store.ts";
import { type AdmitAttemptDeps, admitAttempt, countFailure } from "./admit-attempt.ts";
import type { Caller } from "./caller.ts";
import { invalidCredentials } from "./log-in.ts";
import { type CommonPasswords, checkNewPassword, type PasswordHasher } from "./password-policy.ts";
import type { PasswordStore } from "./password-store.ts";
import { type RevokeSessionsDeps, revokeSessions } from "./revoke-sessions.ts";
import type { SignInPlace, SignInStore } from "./sign-in-store.ts";
import { refusedProof } from "./start-session.ts";
import { codeAttempt } from "./verify-mfa.ts";

/** What setting another password needs. */
export interface SetPasswordDeps extends RevokeSessionsDeps {
  readonly passwords: PasswordHasher;
  readonly commonPasswords: CommonPasswords;
  readonly passwordStore: PasswordStore;
}

/** What changing one's password needs. */
export interface ChangePasswordDeps extends SetPasswordDeps, AdmitAttemptDeps {
  readonly signIns: SignInStore;
}

/** A change of one's own password. */
export interface ChangePassword {
  readonly caller: Caller;
  /** Normalised. */
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly place: SignInPlace;
  readonly requestId: string;
}

const PRODUCT_NAME = "Active Session";

/**
 * Changes the caller's password and ends every other session of theirs. A wrong current password counts as a failed
 * attempt to sign in.
 * @throws AppError `auth.invalid_credentials`, `request.invalid` at `/newPassword`, `rate.limited`
 */
export async function changePassword(
  deps: ChangePasswordDeps,
  input: ChangePassword,
  trail: Trail,
): Promise<void> {
  const { caller, currentPassword } = input;
  const rows = await deps.signIns.read(caller);
  const { account } = rows;
  const attempt = codeAttempt(input, caller, rows);
  const admitted = await admitAttempt(deps, attempt);
  const matches = await deps.passwords.verify(currentPassword, account?.passwordHash);
  if (!matches || account?.passwordHash === undefined) {
    await countFailure(deps, attempt, "password");
    throw invalidCredentials();
  }
  const password = acceptablePassword(deps, account, {
    password: input.newPassword,
    pointer: "/newPassword",
  });
  const after = await deps.passwords.hash(password);
  const { tenantId, userId } = caller;
  const replaced = { owner: { tenantId, userId }, before: account.passwordHash, after, proofs: [admitted] };
  const outcome = await deps.passwordStore.replace(replaced, trail);
  // Of two changes at once one wins; the other's current password is no longer right.
  if (outcome === "moved") throw invalidCredentials();
  if (outcome !== "done") throw refusedProof(outcome);
  await revokeSessions(deps, {
    tenant: caller.tenant,
    userId,
    exceptSessionId: caller.session.sessionId,
    reason: "revoked",
    trail,
  });
}

/** Holds a new password to the policy of the account's tenant. @throws AppError `request.invalid` at `pointer` */
export function acceptablePassword(
  { commonPasswords }: Pick<SetPasswordDeps, "commonPasswords">,
  { tenant, user }: Pick<Account, "tenant" | "user">,
  { password, pointer }: { readonly password: string; readonly pointer: string },
): string {
  return checkNewPassword(commonPasswords, {
    password,
    pointer,
    isMfaRequired: tenant.policy.mfa === "required",
    names: [PRODUCT_NAME, tenant.name, user.name, user.email],
  });
}
