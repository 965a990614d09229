import { AppError, invalidField } from "../errors.ts";
import type { Caller } from "../session/caller.ts";
import { mayGrant } from "./grant.ts";
import type { Role, Statement } from "./statement.ts";

/** Who gives: what they hold are the roles in force in their session, and the denies of all roles that they have. */
export type Giver = Pick<Caller, "session" | "user" | "roles" | "roleBook">;

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

/** Roles that somebody is to have. */
export interface RolesGiven {
  readonly names: readonly string[];
  /** The roles that they have already; none for somebody new. */
  readonly had?: readonly string[];
  /** Where the request has the names. */
  readonly pointer: string;
}

/**
 * Finds the roles that somebody is to have, and refuses what their giver does not hold. Owners are made by owners
 * alone, whatever the statements say: whoever has the role can change the others who have it.
 * @throws AppError `request.invalid` at `pointer` and the place of a name that no role has; `access.denied`
 */
export function rolesToGive(giver: Giver, { names, had = [], pointer }: RolesGiven): readonly Role[] {
  const { roleBook } = giver;
  const roles = names.map((name, index) => {
    const role = roleBook.find(name);
    if (role === undefined) throw invalidField(`${pointer}/${index}`, "is not the name of a role");
    return role;
  });
  const isMadeOwner = names.includes("owner") && !had.includes("owner");
  if (isMadeOwner && !giver.roles.includes("owner")) {
    const reason = "owners are made by owners";
    throw new AppError("access.denied", `You may not give this: ${reason}.`, { members: { reason } });
  }
  checkGrant(giver, {
    before: had.flatMap((name) => roleBook.find(name)?.statements ?? []),
    after: roles.flatMap(({ statements }) => statements),
  });
  return roles;
}
