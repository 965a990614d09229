import type { Trail } from "../activity/trail.ts";
import { AppError, assertNever } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import { checkManages, emailTaken, type Giver, type Grants, roleChanged } from "./grants.ts";
import { INVITATION_LIFETIME_MS, type Invitation, type InviteDeps, sendInvitation } from "./invitation.ts";
import { checkVersion, rewrite } from "./rewrite.ts";
import type { Tenant } from "./tenant.ts";
import type { User } from "./user.ts";
import type { UserStore } from "./user-store.ts";

/** What changing a user needs. */
export interface UpdateUserDeps extends InviteDeps {
  readonly users: Pick<UserStore, "change">;
  readonly grants: Grants;
  /** Ends every session of a user, with the reason `user_disabled`. */
  readonly endSessions: (tenant: Tenant, userId: string, trail: Trail) => Promise<number>;
  readonly newInvitationId: () => string;
  readonly now: () => EpochMs;
}

/** What is to change; what is not given stays. */
export interface UserPatch {
  /** Normalised. */
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly disabled?: boolean | undefined;
}

/** A change of a user, and who makes it. */
export interface UpdateUser {
  readonly by: Giver;
  readonly tenant: Tenant;
  /** Reads the user and decides whether the caller may change it; asked again whenever somebody else was quicker. */
  readonly find: () => Promise<User>;
  readonly patch: UserPatch;
  readonly expectedVersion: number | undefined;
}

/**
 * Changes a user. Roles count from the very next request on; a user who is disabled is refused from then on, and all
 * sessions end. An invited user whose address changes is invited anew, and the letter before is void.
 * @throws AppError `not_found`, `access.denied`, `request.invalid`, `precondition.failed`, `conflict` for the last
 * owner and for an address that is taken
 */
export async function updateUser(deps: UpdateUserDeps, input: UpdateUser, trail: Trail): Promise<User> {
  const { before, after, invitation } = await rewrite(() => attempt(deps, input, trail));
  const { tenant } = input;
  // Also where the user was disabled before: an earlier request may have been interrupted half way.
  if (after.disabled && input.patch.disabled === true) {
    trail.note({ sessionsEnded: await deps.endSessions(tenant, after.userId, trail) });
  }
  if (invitation !== undefined) await sendInvitation(deps, { user: after, tenant, invitation });
  else if (after.email !== before.email) await tellFormerAddress(deps, before, tenant);
  return after;
}

interface Updated {
  readonly before: User;
  readonly after: User;
  readonly invitation: Invitation | undefined;
}

async function attempt(deps: UpdateUserDeps, input: UpdateUser, trail: Trail): Promise<Updated | undefined> {
  const before = await input.find();
  checkVersion(before, input.expectedVersion);
  checkManages(deps.grants, input.by, before);
  const after = patched(before, input.patch, deps.now());
  if (after === before) return { before, after, invitation: undefined };
  // Who can read somebody's mail can sign in as them: a new address is as good as all their roles.
  const had = after.email === before.email ? before.roles : [];
  const customRoles = deps.grants.rolesToGive(input.by, { names: after.roles, had, pointer: "/roles" });
  const isInvitedAnew = after.email !== before.email && after.status === "invited";
  const invitation = isInvitedAnew ? newInvitation(deps) : undefined;
  const outcome = await deps.users.change({ before, after, customRoles, invitation }, trail);
  switch (outcome) {
    case "done":
      return { before, after, invitation };
    case "moved":
      return undefined;
    case "last_owner":
      throw lastOwner();
    case "role_changed":
      throw roleChanged();
    case "email_taken":
      throw emailTaken();
    default:
      return assertNever(outcome);
  }
}

/** An invitation that is good from now on. */
export function newInvitation(deps: Pick<UpdateUserDeps, "newInvitationId" | "now">): Invitation {
  return { invitationId: deps.newInvitationId(), expiresAtMs: deps.now() + INVITATION_LIFETIME_MS };
}

/** The tenant is to have an owner who can sign in, at any time. */
export function lastOwner(): AppError {
  return new AppError(
    "conflict",
    "This is the last owner of the tenant who can sign in: make another one first.",
  );
}

function patched(before: User, patch: UserPatch, nowMs: EpochMs): User {
  const { email = before.email, name = before.name, disabled = before.disabled } = patch;
  const roles = patch.roles ?? before.roles;
  const isSame =
    email === before.email &&
    name === before.name &&
    disabled === before.disabled &&
    roles.length === before.roles.length &&
    roles.every((role) => before.roles.includes(role));
  if (isSame) return before;
  return { ...before, email, name, roles, disabled, version: before.version + 1, updatedAtMs: nowMs };
}

async function tellFormerAddress(deps: UpdateUserDeps, before: User, tenant: Tenant): Promise<void> {
  await deps.mailer.send({
    to: before.email,
    subject: `Your address at ${tenant.name} has changed`,
    text: [
      `Hello ${before.name},`,
      `you sign in to ${tenant.name} with another address from now on. This one no longer works.`,
      "If that is not right, tell an owner of the tenant at once.",
    ].join("\n\n"),
  });
}
