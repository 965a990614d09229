import type { ResourceRef } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import { notFound } from "../errors.ts";
import type { Caller } from "../session/caller.ts";
import type { User } from "./user.ts";
import type { UserStore } from "./user-store.ts";

/** Who looks for a user: the caller, and the means to ask whether they may. */
export interface UserSeeker {
  readonly caller: Caller;
  readonly trail: Trail;
  mayI(asked: { readonly action: string; readonly resource: ResourceRef; readonly ownerId: string }): boolean;
  authorise(asked: {
    readonly resource: ResourceRef;
    readonly ownerId: string;
    readonly own?: boolean;
  }): void;
}

/** Whom to find. */
export interface FindUser {
  readonly userId: string;
  /** Whether what is asked for is everybody's to do with themselves. */
  readonly isOwnRight?: boolean;
}

/**
 * Finds a user that the caller may act on. A user is taken to be their own maker, for statements with `owner`.
 * @throws AppError `not_found` for a missing one, another tenant's, and one that the caller may not even see;
 * `access.denied` for one that they may see but not act on
 */
export async function findUser(
  deps: { readonly users: Pick<UserStore, "get"> },
  { caller, trail, mayI, authorise }: UserSeeker,
  { userId, isOwnRight = false }: FindUser,
): Promise<User> {
  const resource = { type: "user", id: userId };
  trail.about(resource);
  const user = await deps.users.get(caller.tenantId, userId);
  const isSelf = userId === caller.userId;
  if (user === undefined || !(isSelf || mayI({ action: "user:read", resource, ownerId: userId }))) {
    throw notFound();
  }
  authorise({ resource, ownerId: userId, own: isOwnRight && isSelf });
  return user;
}
