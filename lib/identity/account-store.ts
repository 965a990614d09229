import type { Role } from "../access/statement.ts";
import type { Trail } from "../activity/trail.ts";
import type { Factor } from "../mfa/factor.ts";
import type { StoredRecoveryCode } from "../mfa/recovery-code.ts";
import type { EpochMs } from "../time.ts";
import type { Invitation } from "./invitation.ts";
import type { Tenant } from "./tenant.ts";
import type { User } from "./user.ts";

/** Where an address belongs. */
export interface Login {
  readonly tenantId: string;
  readonly userId: string;
}

/** All that signing in has to know of a person. The password's hash never leaves the use cases that compare it. */
export interface Account {
  readonly user: User;
  readonly tenant: Tenant;
  readonly passwordHash?: string;
  readonly factors: readonly Factor[];
  readonly recoveryCodes: readonly StoredRecoveryCode[];
  /** The invitation that is still open, if there is one; it may have expired. */
  readonly invitation?: Invitation;
}

/** A user to be made, with what they are to sign in with. */
export interface NewAccount {
  readonly user: User;
  readonly passwordHash?: string;
  readonly factors?: readonly Factor[];
  /** For a user without a password. */
  readonly invitation?: Invitation;
  /** The tenant's own roles among the user's, as they were when it was decided that they may be given. */
  readonly customRoles?: readonly Role[];
}

/** An invitation that is accepted: the user has a password from now on. */
export interface InvitationAccepted {
  /** As it was read. */
  readonly user: User;
  readonly invitationId: string;
  readonly passwordHash: string;
  readonly atMs: EpochMs;
}

/** People and tenants, found by address and by id. */
export interface AccountStore {
  findLogin(email: string): Promise<Login | undefined>;
  /**
   * Adds a user; `email_taken` where the address is somebody's already, anywhere in the deployment, `role_changed`
   * where one of `customRoles` is not any more what it was.
   */
  addUser(account: NewAccount, trail?: Trail): Promise<"added" | "email_taken" | "role_changed">;
  /** Adds a tenant with its first owner, all or nothing. */
  addTenant(tenant: Tenant, owner: NewAccount, trail?: Trail): Promise<"added" | "email_taken">;
}
