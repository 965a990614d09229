import type { Role, Statement } from "../access/statement.ts";
import { AppError } from "../errors.ts";
import type { Caller } from "../session/caller.ts";
import type { User } from "./user.ts";

/** Who makes a change: their roles say what they can give. */
export type Giver = Pick<Caller, "session" | "user" | "roles" | "roleBook">;

/** What the feature `access` says of a change of somebody's roles. */
export interface Grants {
  /** @throws AppError `request.invalid` at `pointer` and the place of a name that no role has */
  rolesNamed(book: Caller["roleBook"], names: readonly string[], pointer: string): readonly Role[];
  /** @throws AppError `access.denied` for a change that gives more than its maker holds */
  check(
    giver: Giver,
    given: { readonly before?: readonly Statement[]; readonly after: readonly Statement[] },
  ): void;
  /** What the roles of these names say. */
  statementsOf(book: Caller["roleBook"], names: readonly string[]): readonly Statement[];
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
