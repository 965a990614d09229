import type { Trail } from "../activity/trail.ts";
import type { NewPassword } from "../session/password-policy.ts";
import type { EpochMs } from "../time.ts";
import type { AccountStore } from "./account-store.ts";
import { emailTaken, type Giver, type Grants, roleChanged } from "./grants.ts";
import { INVITATION_LIFETIME_MS, type InviteDeps, sendInvitation } from "./invitation.ts";
import type { Tenant } from "./tenant.ts";
import type { User } from "./user.ts";

/** What making a user needs. */
export interface CreateUserDeps extends InviteDeps {
  readonly accounts: Pick<AccountStore, "addUser" | "findLogin">;
  readonly grants: Grants;
  /** Holds a new password to the policy and gives it in the form that is hashed. @throws AppError `request.invalid` */
  readonly checkPassword: (wanted: NewPassword) => string;
  readonly hashPassword: (password: string) => Promise<string>;
  readonly newInvitationId: () => string;
  readonly now: () => EpochMs;
}

/** A user to be made, and who makes it. */
export interface CreateUser {
  readonly by: Giver;
  readonly tenant: Tenant;
  readonly userId: string;
  /** Normalised. */
  readonly email: string;
  readonly name: string;
  /** Without one the user is invited. */
  readonly password: string | undefined;
  readonly roles: readonly string[];
  readonly disabled: boolean;
}

/**
 * Makes a user with roles that its maker holds. Repeated with the same `userId` after a lost answer it finds the user
 * made, and invites again.
 * @throws AppError `request.invalid` (a role that does not exist, a weak password), `access.denied`, `conflict`
 */
export async function createUser(deps: CreateUserDeps, input: CreateUser, trail: Trail): Promise<User> {
  const { by, tenant, userId } = input;
  const roles = deps.grants.rolesToGive(by, { names: input.roles, pointer: "/roles" });
  const user = newUser(input, deps.now());
  const secret = await firstSecret(deps, { user, tenant, password: input.password });
  const outcome = await deps.accounts.addUser({ user, ...secret, customRoles: roles }, trail);
  if (outcome === "role_changed") throw roleChanged();
  if (outcome === "email_taken" && (await deps.accounts.findLogin(user.email))?.userId !== userId) {
    throw emailTaken();
  }
  if (secret.invitation !== undefined) {
    await sendInvitation(deps, { user, tenant, invitation: secret.invitation });
  }
  return user;
}

/** What a new user begins with: the hash of a password that holds to the policy, or an invitation. */
export async function firstSecret(
  deps: Pick<CreateUserDeps, "checkPassword" | "hashPassword" | "newInvitationId" | "now">,
  start: {
    readonly user: User;
    readonly tenant: Tenant;
    readonly password: string | undefined;
    readonly pointer?: string;
  },
) {
  const { user, tenant, password, pointer = "/password" } = start;
  if (password === undefined) {
    const expiresAtMs = deps.now() + INVITATION_LIFETIME_MS;
    return { invitation: { invitationId: deps.newInvitationId(), expiresAtMs } };
  }
  const checked = deps.checkPassword({
    password,
    pointer,
    isMfaRequired: tenant.policy.mfa === "required",
    names: [PRODUCT_NAME, tenant.name, user.name, user.email],
  });
  return { passwordHash: await deps.hashPassword(checked) };
}

/** No password may be made of it. */
const PRODUCT_NAME = "Active Session";

function newUser(
  { tenant, userId, email, name, password, roles, disabled }: CreateUser,
  nowMs: EpochMs,
): User {
  return {
    tenantId: tenant.tenantId,
    userId,
    email,
    name,
    roles,
    disabled,
    status: password === undefined ? "invited" : "active",
    factorTypes: [],
    version: 1,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}
