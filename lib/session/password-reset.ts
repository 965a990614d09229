import { AppError } from "../errors.ts";
import type { Account, Login } from "../identity/account-store.ts";
import type { Mailer } from "../identity/mail.ts";
import type { EpochMs } from "../time.ts";
import type { Seals } from "./token.ts";

/** How long the letter of a reset is good (contract section 2). */
const RESET_LIFETIME_MS: EpochMs = 1_800_000;

/**
 * What the token of a reset is sealed over. It names the password that it replaces and the address that it went to:
 * whatever sets another of either voids the token, its own use included, so that nothing has to be kept of it.
 */
interface ResetRef extends Login {
  /** SHA-256 of the present password's hash and the address. */
  readonly replaces: string;
}

/** What writing and reading a reset's token needs. */
export interface PasswordResetDeps {
  readonly seals: Pick<Seals, "seal" | "open">;
  /** SHA-256, hex. */
  readonly sha256: (text: string) => string;
}

/** What sending the letter needs. */
export interface SendResetDeps extends PasswordResetDeps {
  readonly mailer: Mailer;
  /** The base of the console's address. */
  readonly publicUrl: string;
}

/** Sends the letter with which an account's password can be set anew within 30 min of `askedAtMs`. */
export async function sendReset(
  deps: SendResetDeps,
  account: Account & { readonly passwordHash: string },
  askedAtMs: EpochMs,
): Promise<void> {
  const { tenantId, userId, email, name } = account.user;
  const ref: ResetRef = { tenantId, userId, replaces: markOf(deps, account) };
  const token = await deps.seals.seal("password-reset", ref, { expiresAtMs: askedAtMs + RESET_LIFETIME_MS });
  await deps.mailer.send({
    to: email,
    subject: "Set a new password",
    text: [
      `Hello ${name},`,
      "somebody, probably you, asked for a new password. Choose one within 30 minutes:",
      // Behind the hash, so that no server on the way writes the token into its log.
      `${deps.publicUrl}/#reset=${token}`,
      "Your second factor stays as it is. If it was not you, you need not do anything.",
    ].join("\n\n"),
    token,
  });
}

/** Reads a reset's token. @throws AppError `auth.token_invalid` for what was altered, has expired or is none */
export async function openReset(deps: Pick<PasswordResetDeps, "seals">, token: string): Promise<ResetRef> {
  const ref = await deps.seals.open("password-reset", token);
  if (ref === undefined) throw linkInvalid();
  // What opens under our key is what we sealed.
  return ref as ResetRef;
}

/** Whose account a reset is of, if it is still good. @throws AppError `auth.token_invalid` */
export function resettable(
  deps: Pick<PasswordResetDeps, "sha256">,
  account: Account | undefined,
  { replaces }: ResetRef,
): Account & { readonly passwordHash: string } {
  const passwordHash = account?.passwordHash;
  if (account === undefined || passwordHash === undefined) throw linkInvalid();
  if (markOf(deps, { ...account, passwordHash }) !== replaces) throw linkInvalid();
  if (account.user.disabled || account.tenant.status === "suspended") throw linkInvalid();
  return { ...account, passwordHash };
}

function markOf(
  { sha256 }: Pick<PasswordResetDeps, "sha256">,
  { passwordHash, user }: Account & { readonly passwordHash: string },
): string {
  return sha256(`${passwordHash} ${user.email}`);
}

/** The one answer to the token of a letter that is not good: altered, expired, used or of somebody who is barred. */
export function linkInvalid(): AppError {
  return new AppError("auth.token_invalid", "The link has expired or was used: ask for another one.");
}
