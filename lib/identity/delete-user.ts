import type { Trail } from "../activity/trail.ts";
import { checkManages, type Giver } from "./grants.ts";
import { checkVersion, rewrite } from "./rewrite.ts";
import type { Tenant } from "./tenant.ts";
import { lastOwner, type UpdateUserDeps } from "./update-user.ts";
import type { User } from "./user.ts";
import type { UserStore } from "./user-store.ts";

/** What removing a user needs. */
export interface DeleteUserDeps extends Pick<UpdateUserDeps, "grants" | "endSessions"> {
  readonly users: Pick<UserStore, "get" | "remove">;
}

/** Whom to remove, and who asks for it. */
export interface DeleteUser {
  readonly by: Giver;
  readonly tenant: Tenant;
  readonly userId: string;
  /** Whether the caller may remove a user of that id, were there one. */
  readonly mayRemove: () => boolean;
  /** Reads the user and decides whether the caller may remove it; asked again whenever somebody else was quicker. */
  readonly find: () => Promise<User>;
  readonly expectedVersion: number | undefined;
}

/**
 * Removes a user with everything that they sign in with, and ends their sessions; the address is free again. What
 * they did stays on record.
 * @throws AppError `not_found`, `access.denied`, `precondition.failed`, `conflict` for the last owner
 */
export async function deleteUser(deps: DeleteUserDeps, input: DeleteUser, trail: Trail): Promise<void> {
  await finishRemoval(deps, input, trail);
  const user = await rewrite(async () => {
    const found = await input.find();
    checkVersion(found, input.expectedVersion);
    checkManages(deps.grants, input.by, found);
    const outcome = await deps.users.remove(found, trail);
    if (outcome === "last_owner") throw lastOwner();
    return outcome === "done" ? found : undefined;
  });
  await deps.endSessions(input.tenant, user.userId, trail);
}

/** Ends what a removal that was interrupted half way has left: its repetition finds no user any more. */
async function finishRemoval(deps: DeleteUserDeps, input: DeleteUser, trail: Trail): Promise<void> {
  const { tenant, userId } = input;
  // Keys and trust rules have sessions too, which are not for whoever may remove users.
  if (!userId.startsWith("usr_") || !input.mayRemove()) return;
  if ((await deps.users.get(tenant.tenantId, userId)) !== undefined) return;
  await deps.endSessions(tenant, userId, trail);
}
