import type { Role } from "../access/statement.ts";
import type { Trail } from "../activity/trail.ts";
import type { Invitation } from "./invitation.ts";
import type { User } from "./user.ts";

/** A change of a user. */
export interface UserChange {
  /** As it was read. */
  readonly before: User;
  readonly after: User;
  /** The tenant's own roles among those given anew, as they were when it was decided that they may be given. */
  readonly customRoles: readonly Role[];
  /** Takes the place of the invitation before it. */
  readonly invitation?: Invitation | undefined;
}

/**
 * What came of a change: `moved` where somebody else changed the user first, `last_owner` where the tenant would be
 * left without an owner who can sign in, `role_changed` where a role given is not any more what it was.
 */
export type UserChangeOutcome = "done" | "moved" | "last_owner" | "role_changed" | "email_taken";

/** One page of users, newest first, with the id to go on from. */
export interface UserPage {
  readonly users: readonly User[];
  readonly nextAfterId?: string;
}

/** Which users to list. */
export interface UserListQuery {
  readonly tenantId: string;
  /** 1 to 200. */
  readonly limit: number;
  readonly afterId?: string | undefined;
}

/** The users of a tenant. Owners and holders of roles are counted in the transaction that changes a user. */
export interface UserStore {
  get(tenantId: string, userId: string): Promise<User | undefined>;
  list(query: UserListQuery): Promise<UserPage>;
  change(change: UserChange, trail: Trail): Promise<UserChangeOutcome>;
  /** Removes a user with the password and all factors; the address is free again. */
  remove(user: User, trail: Trail): Promise<"done" | "moved" | "last_owner">;
}
