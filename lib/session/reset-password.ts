import type { Trail } from "../activity/trail.ts";
import { acceptablePassword, type SetPasswordDeps } from "./change-password.ts";
import { ownerOf } from "./log-in.ts";
import { linkInvalid, openReset, type PasswordResetDeps, resettable } from "./password-reset.ts";
import { revokeSessions } from "./revoke-sessions.ts";
import type { SignInStore } from "./sign-in-store.ts";

/** What setting a password with the token of a letter needs. */
export interface ResetPasswordDeps extends SetPasswordDeps, PasswordResetDeps {
  readonly signIns: Pick<SignInStore, "read">;
}

/**
 * Sets a new password with the token of a letter, and ends all sessions. It signs nobody in: the next sign-in asks for
 * the second factor as ever. Failed attempts go on counting, so that a letter is no way to more of them.
 * @throws AppError `auth.token_invalid`, `request.invalid` at `/newPassword`
 */
export async function resetPassword(
  deps: ResetPasswordDeps,
  { token, newPassword }: { readonly token: string; readonly newPassword: string },
  trail: Trail,
): Promise<void> {
  const ref = await openReset(deps, token);
  const rows = await deps.signIns.read(ref);
  if (rows.account !== undefined) trail.by(ownerOf(rows.account));
  const account = resettable(deps, rows.account, ref);
  const { tenant, user } = account;
  const password = acceptablePassword(deps, account, { password: newPassword, pointer: "/newPassword" });
  const after = await deps.passwords.hash(password);
  const owner = { tenantId: user.tenantId, userId: user.userId };
  const replaced = { owner, before: account.passwordHash, after, proofs: [] };
  if ((await deps.passwordStore.replace(replaced, trail)) !== "done") throw linkInvalid();
  await revokeSessions(deps, { tenant, userId: user.userId, reason: "revoked", trail });
}
