import type { Role } from "../access/statement.ts";
import { AppError } from "../errors.ts";
import type { Caller } from "../session/caller.ts";
import type { User } from "./user.ts";

/** Who makes a change: their roles say what they can give. */
export type Giver = Pick<Caller, "session" | "user" | "roles" | "roleBook">;

/** What the feature `access` says of a change of somebody's roles. */
export interface Grants {
  /**
   * The roles of these names, which are to be somebody's who had others.
   * @throws AppError `request.invalid` at `pointer` for a name that no role has; `access.denied` for more than the
   * giver holds
   */
  rolesToGive(
    giver: Giver,
    given: { readonly names: readonly string[]; readonly had?: readonly string[]; readonly pointer: string },
  ): readonly Role[];
  mayManageUser(actor: Pick<User, "userId" | "roles">, target: User): boolean;
}

/** Refuses that anybody but owners changes another owner. @throws AppError `access.denied` */
export function checkManages(grants: Grants, by: Giver, target: User): void {
  if (grants.mayManageUser({ userId: by.user.userId, roles: by.roles }, target)) return;
  const reason = "owners are changed by owners";
  throw new AppError("access.denied", `You may not change this user: ${reason}.`, { members: { reason } });
}

/** A role that was given is not any more what it was when its giver was found to hold it. */
export function roleChanged(): AppError {
  return new AppError("conflict", "A role of this change has itself been changed meanwhile: try again.");
}

/** The address is somebody's: whose, and in which tenant, is not said. */
export function emailTaken(): AppError {
  return new AppError("conflict", "This e-mail address cannot be used: it belongs to an account already.");
}
