import speakeasy from "speakeasy";
import type { AccountStore } from "../../lib/identity/account-store.ts";
import type { Tenant } from "../../lib/identity/tenant.ts";
import { DEFAULT_POLICY, type TenantPolicy } from "../../lib/session/policy.ts";

/** A person of a test, with what they sign in with. */
export interface TestUser {
  readonly tenantId: string;
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  /** Base32; `null` without a second factor. */
  readonly totpSecret: string | null;
  readonly roles: readonly string[];
}

/** A tenant of a test with the three people that each has. */
export interface TestTenant {
  readonly id: string;
  readonly owner: TestUser;
  readonly member: TestUser;
  readonly reader: TestUser;
  /** Adds one more person; without a second factor unless `totp` is set. */
  addUser(roles: readonly string[], options?: { readonly totp?: boolean }): Promise<TestUser>;
}

/** How a tenant differs from a fresh one. */
export interface TenantOptions {
  readonly id?: string;
  readonly policy?: Partial<TenantPolicy>;
}

/** What making accounts needs: the product's own adapters, loaded after the test has set its environment. */
export interface TestAccountsDeps {
  readonly store: AccountStore;
  readonly newId: (prefix: string) => string;
  readonly hashPassword: (password: string) => Promise<string>;
  readonly sealSecret: (secret: string, context: string) => Promise<string>;
  readonly now: () => number;
}

const PASSWORD = "correct horse battery staple";
const TOTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/** Makes tenants and people the way that the product keeps them. */
export function testAccounts(deps: TestAccountsDeps) {
  // Hashing is slow on purpose: all people of a test share one password.
  let hash: Promise<string> | undefined;
  const account = async (tenantId: string, roles: readonly string[], totp: boolean) => {
    const userId = deps.newId("usr");
    const nowMs = deps.now();
    const user: TestUser = {
      tenantId,
      userId,
      email: `${userId.slice(4)}@example.com`,
      password: PASSWORD,
      totpSecret: totp ? TOTP_SECRET : null,
      roles,
    };
    hash ??= deps.hashPassword(PASSWORD);
    const row = {
      user: {
        tenantId,
        userId,
        email: user.email,
        name: roles.join(" "),
        roles,
        disabled: false,
        status: "active" as const,
        factorTypes: totp ? (["totp"] as const) : [],
        version: 1,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      },
      passwordHash: await hash,
      factors: totp
        ? [
            {
              factorId: deps.newId("fac"),
              type: "totp" as const,
              label: "Authenticator",
              createdAtMs: nowMs,
              verifiedAtMs: nowMs,
              sealedSecret: await deps.sealSecret(TOTP_SECRET, `${tenantId}#${userId}`),
            },
          ]
        : [],
    };
    return { user, row };
  };

  return {
    /** A tenant with an owner who has a TOTP factor, a member and a reader. */
    tenant: async ({ id = deps.newId("ten"), policy = {} }: TenantOptions = {}): Promise<TestTenant> => {
      const tenant: Tenant = {
        tenantId: id,
        name: `Tenant ${id.slice(-4)}`,
        status: "active",
        policy: { ...DEFAULT_POLICY, ...policy },
        rolesVersion: 0,
        version: 1,
        createdAtMs: deps.now(),
      };
      const owner = await account(id, ["owner"], true);
      await deps.store.addTenant(tenant, owner.row);
      const addUser = async (roles: readonly string[], { totp = false } = {}): Promise<TestUser> => {
        const { user, row } = await account(id, roles, totp);
        await deps.store.addUser(row);
        return user;
      };
      const [member, reader] = [await addUser(["member"]), await addUser(["read-only"])];
      return { id, owner: owner.user, member, reader, addUser };
    },
  };
}

/** The codes of people's authenticator apps. */
export interface TotpCodes {
  /** A person's next one: each is good once, so that a second one in 30 s is that of the step after. */
  next(user: TestUser): string;
  /** Takes everybody for somebody who has used none, where a clock and a database begin anew. */
  forget(): void;
}

/** Makes codes by a clock. */
export function totpCodes(now: () => number): TotpCodes {
  const lastSteps = new Map<string, number>();
  return {
    next: ({ userId, totpSecret }) => {
      if (totpSecret === null) throw new Error("This person has no second factor.");
      const step = Math.floor(now() / 30_000);
      const next = Math.max(step, (lastSteps.get(userId) ?? 0) + 1);
      if (next > step + 1) {
        throw new Error("The code after the next one is not good yet: advance the clock.");
      }
      lastSteps.set(userId, next);
      return speakeasy.totp({ secret: totpSecret, encoding: "base32", time: next * 30 });
    },
    forget: () => lastSteps.clear(),
  };
}
