import type { Trail } from "../activity/trail.ts";
import type { Role } from "./statement.ts";

/** Most roles that a tenant can have of its own: whoever decides for it compiles all of them. */
export const MAX_CUSTOM_ROLES = 200;

/** A change of a role of the tenant's own. */
export interface RoleChange {
  readonly tenantId: string;
  /** As it was read. */
  readonly before: Role;
  readonly after: Role;
}

/**
 * Writes the tenant's own roles. Each write moves the tenant's `rolesVersion` on in the same transaction, so that the
 * very next request is decided by it.
 */
export interface RoleStore {
  /** `taken` where the name is another role's, `full` where the tenant has as many as it can. */
  add(tenantId: string, role: Role, trail: Trail): Promise<"done" | "taken" | "full">;
  /** `moved` where somebody else changed or deleted it first. */
  replace(change: RoleChange, trail: Trail): Promise<"done" | "moved">;
  /** `in_use` while a user, a key or a trust rule has it. */
  remove(tenantId: string, role: Role, trail: Trail): Promise<"done" | "moved" | "in_use">;
}
