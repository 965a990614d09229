import type { Trail } from "../activity/trail.ts";
import { AppError, assertNever, notFound } from "../errors.ts";
import { isReservedRoleName } from "./built-in-roles.ts";
import { checkGrant, type Giver } from "./check-grant.ts";
import { builtIn } from "./create-role.ts";
import type { RoleStore } from "./role-store.ts";
import type { Role } from "./statement.ts";

/** Which role to change, and who changes it. */
export interface ChangeRole {
  readonly by: Giver;
  readonly tenantId: string;
  readonly name: string;
  /** The version that the client has seen. */
  readonly expectedVersion: number | undefined;
}

/** What the role is to say. */
export interface ReplaceRole {
  readonly wanted: Pick<Role, "description" | "statements">;
}

/**
 * Puts new statements in the place of a role's. Whoever has the role is decided by them from the next request on, its
 * maker too: what is added has to be held without the role's change.
 * @throws AppError `not_found`, `access.denied`, `precondition.failed`, `conflict` for a built-in role, and where
 * somebody else changed it meanwhile
 */
export async function replaceRole(
  deps: { readonly roles: Pick<RoleStore, "replace"> },
  { by, tenantId, name, expectedVersion, wanted }: ChangeRole & ReplaceRole,
  trail: Trail,
): Promise<Role> {
  const before = customRole(by, name, expectedVersion);
  checkGrant(by, { before: before.statements, after: wanted.statements });
  const after: Role = { ...before, ...wanted, version: before.version + 1 };
  if ((await deps.roles.replace({ tenantId, before, after }, trail)) === "moved") throw moved();
  return after;
}

/**
 * Deletes a role that nobody has any more.
 * @throws AppError `not_found`, `precondition.failed`, `conflict` for a built-in role and for one in use
 */
export async function deleteRole(
  deps: { readonly roles: Pick<RoleStore, "remove"> },
  { by, tenantId, name, expectedVersion }: ChangeRole,
  trail: Trail,
): Promise<void> {
  const outcome = await deps.roles.remove(tenantId, customRole(by, name, expectedVersion), trail);
  switch (outcome) {
    case "done":
      return;
    case "in_use":
      throw new AppError("conflict", `The role ${name} is in use: take it from everybody first.`);
    case "moved":
      throw moved();
    default:
      assertNever(outcome);
  }
}

/** The role as the request found it. @throws AppError */
function customRole({ roleBook }: Giver, name: string, expectedVersion: number | undefined): Role {
  if (isReservedRoleName(name)) throw builtIn(name);
  const role = roleBook.find(name);
  if (role === undefined) throw notFound();
  if (expectedVersion !== undefined && expectedVersion !== role.version) {
    throw new AppError("precondition.failed", "The role has changed since you read it: read it again.");
  }
  return role;
}

function moved(): AppError {
  return new AppError("conflict", "Somebody else changes this role at this moment: read it again.");
}
