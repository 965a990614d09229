import type { Trail } from "../activity/trail.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { User } from "../identity/user.ts";
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
