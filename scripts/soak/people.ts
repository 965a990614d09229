import { createAccounts, createUser, type DemoAccounts } from "../local/accounts.ts";

const TENANTS = 4;

/** How many people of each tenant have which role. */
const STAFF = { owner: 1, admin: 3, member: 12 } as const;

/** Everybody who works in a soak: four tenants of sixteen people each, all with a second factor. */
export function soakAccounts(): DemoAccounts {
  const tenants = Array.from({ length: TENANTS }, (_, tenant) => ({
    name: `Soak ${tenant}`,
    users: Object.entries(STAFF).flatMap(([role, count]) =>
      Array.from({ length: count }, (_, place) =>
        createUser(`${role}-${place}@soak-${tenant}.example`, [role], true),
      ),
    ),
  }));
  return { ...createAccounts(), tenants };
}
