import type { Trail } from "../activity/trail.ts";
import type { TenantPolicy } from "../session/policy.ts";
import type { AccountStore } from "./account-store.ts";
import { type CreateUserDeps, firstSecret } from "./create-user.ts";
import { emailTaken } from "./grants.ts";
import { sendInvitation } from "./invitation.ts";
import type { Tenant } from "./tenant.ts";
import type { User } from "./user.ts";

/** What making a tenant needs. */
export interface CreateTenantDeps extends Omit<CreateUserDeps, "accounts" | "grants"> {
  readonly accounts: Pick<AccountStore, "addTenant" | "findLogin">;
  /** What a new tenant begins with. */
  readonly defaultPolicy: TenantPolicy;
}

/** A tenant to be made, with its first owner. */
export interface CreateTenant {
  readonly tenantId: string;
  readonly name: string;
  readonly owner: {
    readonly userId: string;
    /** Normalised. */
    readonly email: string;
    readonly name: string;
    /** Without one the owner is invited. */
    readonly password: string | undefined;
  };
}

/**
 * Makes a tenant with its first owner, all or nothing.
 * @throws AppError `request.invalid` for a weak password, `conflict` for an address that is taken
 */
export async function createTenant(
  deps: CreateTenantDeps,
  input: CreateTenant,
  trail: Trail,
): Promise<{ readonly tenant: Tenant; readonly owner: User }> {
  const { tenant, owner } = fresh(deps, input);
  const secret = await firstSecret(deps, {
    user: owner,
    tenant,
    password: input.owner.password,
    pointer: "/owner/password",
  });
  const outcome = await deps.accounts.addTenant(tenant, { user: owner, ...secret }, trail);
  if (outcome === "email_taken" && (await deps.accounts.findLogin(owner.email))?.userId !== owner.userId) {
    throw emailTaken();
  }
  if (secret.invitation !== undefined) {
    await sendInvitation(deps, { user: owner, tenant, invitation: secret.invitation });
  }
  return { tenant, owner };
}

function fresh(
  deps: Pick<CreateTenantDeps, "defaultPolicy" | "now">,
  { tenantId, name, owner }: CreateTenant,
) {
  const nowMs = deps.now();
  const tenant: Tenant = {
    tenantId,
    name,
    status: "active",
    policy: deps.defaultPolicy,
    rolesVersion: 0,
    version: 1,
    createdAtMs: nowMs,
  };
  const user: User = {
    tenantId,
    userId: owner.userId,
    email: owner.email,
    name: owner.name,
    roles: ["owner"],
    disabled: false,
    status: owner.password === undefined ? "invited" : "active",
    factorTypes: [],
    version: 1,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  return { tenant, owner: user };
}
