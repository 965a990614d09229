import type { Trail } from "../activity/trail.ts";
import { notFound } from "../errors.ts";
import type { Account } from "../identity/account-store.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { User } from "../identity/user.ts";
import type { Caller } from "./caller.ts";
import type { SignInRows, SignInStore } from "./sign-in-store.ts";
import { checkChallenge, type OpenChallengeDeps, type OpenedChallenge, openChallenge } from "./verify-mfa.ts";

/**
 * Somebody whose password was right and whose tenant demands a second factor that they do not have yet. They have no
 * session: they act by the challenge of their sign-in, which the first verified factor completes.
 */
export interface Enrolling extends OpenedChallenge {
  readonly tenantId: string;
  readonly userId: string;
  readonly user: User;
  readonly tenant: Tenant;
}

/** What is known of who acts: read before with the challenge, or read now. */
export async function rowsOf(
  deps: { readonly signIns: Pick<SignInStore, "read"> },
  caller: Caller | Enrolling,
): Promise<SignInRows & { readonly account: Account }> {
  if ("challenge" in caller) return { ...caller.rows, account: caller.account };
  const rows = await deps.signIns.read(caller);
  if (rows.account === undefined) throw notFound();
  return { ...rows, account: rows.account };
}

/** Reads `Authorization: Challenge …`. @throws AppError `mfa.challenge_expired`, also for a sign-in that has a factor */
export async function openEnrolment(
  deps: OpenChallengeDeps,
  challengeToken: string,
  trail: Trail,
): Promise<Enrolling> {
  const opened = await openChallenge(deps, challengeToken, trail);
  checkChallenge(deps, opened.challenge, "enrollment");
  const { user, tenant } = opened.account;
  return { ...opened, tenantId: user.tenantId, userId: user.userId, user, tenant };
}
