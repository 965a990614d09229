import type { NamedStatements } from "./compile-roles.ts";
import { OPERATOR_PERMISSIONS } from "./permission.ts";
import type { Role } from "./statement.ts";

const everything = { effect: "allow", actions: ["*"], resources: ["*"] } as const;

/** The roles that every tenant has, and that none can change (contract section 4). */
export const BUILT_IN_ROLES = [
  {
    name: "owner",
    description: "All of the tenant.",
    statements: [everything],
    version: 1,
  },
  {
    name: "admin",
    description: "All of the tenant but its other owners, and but ending it.",
    statements: [everything, { effect: "deny", actions: ["tenant:delete"], resources: ["*"] }],
    version: 1,
  },
  {
    name: "member",
    description: "Works with resources, and meters them.",
    statements: [
      {
        effect: "allow",
        actions: ["vm:*", "volume:*", "database:*", "load_balancer:*", "instance_group:*", "usage:ingest"],
        resources: ["*"],
      },
      {
        effect: "allow",
        actions: ["session:list", "session:read", "session:revoke", "usage:read", "support:grant"],
        resources: ["*"],
        condition: { owner: true },
      },
    ],
    version: 1,
  },
  {
    name: "read-only",
    description: "Sees everything and changes nothing.",
    statements: [{ effect: "allow", actions: ["*:read", "*:list"], resources: ["*"] }],
    version: 1,
  },
  {
    name: "billing",
    description: "Sees invoices, prices and usage, and sets budgets.",
    statements: [
      {
        effect: "allow",
        actions: ["invoice:*", "budget:*", "usage:read", "ratecard:read"],
        resources: ["*"],
      },
    ],
    version: 1,
  },
  {
    name: "auditor",
    description: "Sees, exports and proves what happened.",
    statements: [{ effect: "allow", actions: ["activity:*", "alert:read", "alert:list"], resources: ["*"] }],
    version: 1,
  },
  {
    name: "support-agent",
    description: "Nothing, until a user grants a look at a session.",
    statements: [],
    version: 1,
  },
] as const satisfies readonly Role[];

/** The role of the platform's own people. It exists in the platform's tenant alone. */
export const OPERATOR_ROLE = {
  name: "operator",
  description: "Runs the platform: its tenants, its prices, its billing and the import of histories.",
  statements: [
    {
      effect: "allow",
      actions: [...OPERATOR_PERMISSIONS, "tenant:read", "tenant:update", "ratecard:read"],
      resources: ["*"],
    },
  ],
  version: 1,
} as const satisfies Role;

/** Keeps even an owner's `*` of an ordinary tenant off what is the platform's. */
export const TENANT_BOUNDARY: NamedStatements = {
  name: "platform",
  statements: [{ effect: "deny", actions: OPERATOR_PERMISSIONS, resources: ["*"] }],
};

const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...BUILT_IN_ROLES.map((role) => role.name),
  OPERATOR_ROLE.name,
  TENANT_BOUNDARY.name,
]);

/** Whether a custom role may not have this name, in whatever letter case, because it would pass for a built-in one. */
export function isReservedRoleName(name: string): boolean {
  return RESERVED_NAMES.has(name.toLowerCase());
}
