import type { Trail } from "../activity/trail.ts";
import { AppError, assertNever } from "../errors.ts";
import { isReservedRoleName } from "./built-in-roles.ts";
import { checkGrant, type Giver } from "./check-grant.ts";
import { MAX_CUSTOM_ROLES, type RoleStore } from "./role-store.ts";
import type { Role } from "./statement.ts";

/** A role to be made, and who makes it. */
export interface CreateRole {
  readonly by: Giver;
  readonly tenantId: string;
  readonly role: Omit<Role, "version">;
}

/**
 * Makes a role of the tenant's own, of what its maker holds.
 * @throws AppError `access.denied`, `conflict` for a name that is taken or built in, and for one role too many
 */
export async function createRole(
  deps: { readonly roles: Pick<RoleStore, "add"> },
  { by, tenantId, role: wanted }: CreateRole,
  trail: Trail,
): Promise<Role> {
  if (isReservedRoleName(wanted.name)) throw builtIn(wanted.name);
  checkGrant(by, { after: wanted.statements });
  const role: Role = { ...wanted, version: 1 };
  const outcome = await deps.roles.add(tenantId, role, trail);
  switch (outcome) {
    case "done":
      return role;
    case "taken":
      throw new AppError("conflict", `There is a role ${role.name} already.`);
    case "full":
      throw new AppError("conflict", `A tenant has at most ${MAX_CUSTOM_ROLES} roles of its own.`);
    default:
      return assertNever(outcome);
  }
}

/** Built-in roles are the same in every tenant. */
export function builtIn(name: string): AppError {
  return new AppError("conflict", `The role ${name} is built in and cannot be made, changed or deleted.`);
}
