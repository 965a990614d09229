import { AppError } from "../errors.ts";
import type { Caller } from "../session/caller.ts";
import { mayGrant } from "./grant.ts";
import type { RoleBook } from "./role-book.ts";
import type { Role, Statement } from "./statement.ts";

/** Who gives: what they hold are the roles in force in their session, and the denies of all roles that they have. */
export type Giver = Pick<Caller, "session" | "user" | "roleBook">;

/** What somebody may do before and after a change. */
export interface Given {
  readonly before?: readonly Statement[];
  readonly after: readonly Statement[];
}

/**
 * Refuses a change that gives more than its maker holds.
 * @throws AppError `access.denied`, naming one thing that is not held
 */
export function checkGrant({ session, user, roleBook }: Giver, { before = [], after }: Given): void {
  const holder = roleBook.statementsFor({
    held: user.roles,
    ...(session.roleSubset === undefined ? {} : { active: session.roleSubset }),
  });
  const decision = mayGrant({ holder, before, after });
  if (decision.granted) return;
  const { action, resource } = decision;
  const reason = `you do not hold ${action} on ${resource} yourself`;
  throw new AppError("access.denied", `You may not give this: ${reason}.`, { members: { action, reason } });
}

/**
 * Finds the roles of these names. @throws AppError `request.invalid` at `pointer` and the place of a name that no role
 * of the tenant has
 */
export function rolesNamed(book: RoleBook, names: readonly string[], pointer: string): readonly Role[] {
  return names.map((name, index) => {
    const role = book.find(name);
    if (role !== undefined) return role;
    const place = `${pointer}/${index}`;
    throw new AppError("request.invalid", "There is no such role.", {
      errors: [{ pointer: place, message: "is not the name of a role" }],
    });
  });
}

/** All that the roles of these names say; a name that no role has says nothing. */
export function statementsOf(book: RoleBook, names: readonly string[]): readonly Statement[] {
  return names.flatMap((name) => book.find(name)?.statements ?? []);
}
