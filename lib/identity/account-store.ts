import type { Trail } from "../activity/trail.ts";
import type { Factor } from "../mfa/factor.ts";
import type { StoredRecoveryCode } from "../mfa/recovery-code.ts";
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
}

/** A user to be made, with what they are to sign in with. */
export interface NewAccount {
  readonly user: User;
  readonly passwordHash?: string;
  readonly factors?: readonly Factor[];
}

/** People and tenants, found by address and by id. */
export interface AccountStore {
  findLogin(email: string): Promise<Login | undefined>;
  read(login: Login): Promise<Account | undefined>;
  /** Adds a user; `email_taken` where the address is somebody's already, anywhere in the deployment. */
  addUser(account: NewAccount, trail?: Trail): Promise<"added" | "email_taken">;
  /** Adds a tenant with its first owner, all or nothing. */
  addTenant(tenant: Tenant, owner: NewAccount, trail?: Trail): Promise<"added" | "email_taken">;
}
