import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import { checkManages, type Giver } from "./grants.ts";
import { sendInvitation } from "./invitation.ts";
import { rewrite } from "./rewrite.ts";
import type { Tenant } from "./tenant.ts";
import { newInvitation, type UpdateUserDeps } from "./update-user.ts";
import type { User } from "./user.ts";

/** Whom to invite again, and who asks for it. */
export interface InviteUser {
  readonly by: Giver;
  readonly tenant: Tenant;
  readonly find: () => Promise<User>;
}

/**
 * Invites a user again who has not accepted yet: the letter before is void from now on.
 * @throws AppError `not_found`, `access.denied`, `conflict` for a user who has a password already
 */
export async function inviteUser(deps: UpdateUserDeps, input: InviteUser, trail: Trail): Promise<void> {
  const { by, tenant, find } = input;
  const { user, invitation } = await rewrite(async () => {
    const before = await find();
    checkManages(deps.grants, by, before);
    if (before.status !== "invited") throw new AppError("conflict", "This user has accepted already.");
    const invitation = newInvitation(deps);
    const after = { ...before, version: before.version + 1, updatedAtMs: deps.now() };
    const outcome = await deps.users.change({ before, after, customRoles: [], invitation }, trail);
    return outcome === "done" ? { user: after, invitation } : undefined;
  });
  await sendInvitation(deps, { user, tenant, invitation });
}
