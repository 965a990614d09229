import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { accountTable } from "../../lib/aws/account-table.ts";
import { cardTable } from "../../lib/aws/card-table.ts";
import { derivedId } from "../../lib/aws/ids.ts";
import { passwordHasher } from "../../lib/aws/password-hasher.ts";
import { factorSeals } from "../../lib/aws/sign-in-ports.ts";
import { cardOf, type RateCardDocument } from "../../lib/billing/card-document.ts";
import type { AccountStore, NewAccount } from "../../lib/identity/account-store.ts";
import { PLATFORM_TENANT_ID, type Tenant } from "../../lib/identity/tenant.ts";
import { DEFAULT_POLICY } from "../../lib/session/policy.ts";
import type { DemoAccounts, DemoUser } from "./accounts.ts";
import type { TableNames } from "./tables.ts";

/** The accounts as they are in the database: every tenant with its id. */
export interface SeededAccounts extends DemoAccounts {
  readonly tenants: ReadonlyArray<{
    readonly id: string;
    readonly name: string;
    readonly users: readonly DemoUser[];
  }>;
}

/** Where the accounts go. */
export interface SeedTarget {
  readonly client: DynamoDBClient;
  readonly tables: TableNames;
}

/** Puts the operator, the agents and the demo tenants into the database; what is there stays as it is. */
export async function seed(target: SeedTarget, accounts: DemoAccounts): Promise<SeededAccounts> {
  const store = accountTable(target.client);
  await addTenant(store, { id: PLATFORM_TENANT_ID, name: "Platform" }, [
    accounts.operator,
    ...accounts.agents,
  ]);
  const tenants = accounts.tenants.map((tenant) => ({
    // Derived, so that a database kept on disk knows the tenant again.
    id: derivedId("ten", SEEDED_AT_MS, tenant.name),
    ...tenant,
  }));
  for (const tenant of tenants) await addTenant(store, tenant, tenant.users);
  await cardTable(target.client).add(cardOf(FIRST_CARD));
  return { ...accounts, tenants };
}

/** The demo began with the year. */
const SEEDED_AT_MS = Date.UTC(2026, 0, 1);

/** Flat prices for whatever month is looked at first; the operator's next card takes their place. */
const FIRST_CARD: RateCardDocument = {
  version: 1,
  effectiveFrom: "1970-01-01T00:00:00.000Z",
  currency: "USD",
  meters: [
    { meter: "cpu", unit: "vCPU-hour", model: "flat", freeAllowance: "0", unitPrice: "0.04" },
    { meter: "memory", unit: "GiB-hour", model: "flat", freeAllowance: "0", unitPrice: "0.005" },
    { meter: "storage", unit: "GiB-hour", model: "flat", freeAllowance: "0", unitPrice: "0.00014" },
    { meter: "network", unit: "GiB", model: "flat", freeAllowance: "0", unitPrice: "0.09" },
  ],
  minimumCharge: "0",
  taxRate: "0",
};

async function addTenant(
  store: AccountStore,
  { id, name }: { readonly id: string; readonly name: string },
  users: readonly DemoUser[],
): Promise<void> {
  const tenant: Tenant = {
    tenantId: id,
    name,
    status: "active",
    policy: DEFAULT_POLICY,
    rolesVersion: 0,
    version: 1,
    createdAtMs: SEEDED_AT_MS,
  };
  const [owner, ...others] = await Promise.all(users.map((user) => newAccount(id, user)));
  if (owner === undefined) throw new Error(`The tenant ${name} has no users.`);
  await store.addTenant(tenant, owner);
  await Promise.all(others.map((account) => store.addUser(account)));
}

const hasher = passwordHasher();

async function newAccount(tenantId: string, demo: DemoUser): Promise<NewAccount> {
  const userId = derivedId("usr", SEEDED_AT_MS, demo.email);
  const [passwordHash, factors] = await Promise.all([
    hasher.hash(demo.password),
    demo.totpSecret === null ? [] : [await totpFactor(`${tenantId}#${userId}`, demo, demo.totpSecret)],
  ]);
  return {
    user: {
      tenantId,
      userId,
      email: demo.email,
      name: demo.email.split("@")[0] ?? demo.email,
      roles: demo.roles,
      disabled: false,
      status: "active",
      factorTypes: demo.totpSecret === null ? [] : ["totp"],
      version: 1,
      createdAtMs: SEEDED_AT_MS,
      updatedAtMs: SEEDED_AT_MS,
    },
    passwordHash,
    factors,
  };
}

async function totpFactor(owner: string, demo: DemoUser, secret: string) {
  return {
    factorId: derivedId("fac", SEEDED_AT_MS, demo.email),
    type: "totp",
    label: "Authenticator",
    createdAtMs: SEEDED_AT_MS,
    verifiedAtMs: SEEDED_AT_MS,
    sealedSecret: await factorSeals.seal("factor-secret", secret, { context: owner }),
  } as const;
}
