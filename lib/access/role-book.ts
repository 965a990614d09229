import { BUILT_IN_ROLES, OPERATOR_ROLE, TENANT_BOUNDARY } from "./built-in-roles.ts";
import { type CompiledPolicy, compileRoles } from "./compile-roles.ts";
import type { Role, Statement } from "./statement.ts";

/** The roles of one tenant, as they are at one `rolesVersion`. */
export interface RoleBookSource {
  readonly customRoles: readonly Role[];
  /** Whether this is the platform's own tenant: it has the operator role, and nothing of the platform is denied. */
  readonly isPlatform: boolean;
}

/** Whose roles are asked for. */
export interface RolesInForce {
  /** All roles of the user: their denies always count. */
  readonly held: readonly string[];
  /** The ones that the session asked for, where it did; what is not among `held` any more does not count. */
  readonly active?: readonly string[];
}

/** Looks the roles of one tenant up by name. A name that no role has stands for no statement. */
export interface RoleBook {
  /** Every role that can be given in the tenant, built-in ones first. */
  readonly roles: readonly Role[];
  find(name: string): Role | undefined;
  policyFor(roles: RolesInForce): CompiledPolicy;
  /** What `policyFor` decides by, the platform's boundary aside: what a holder can grant from. */
  statementsFor(roles: RolesInForce): readonly Statement[];
}

/** Policies remembered by one book: as many different sets of roles as its users have, within reason. */
const MAX_POLICIES = 256;

/** Makes the role book of a tenant; each set of roles in it is compiled once. */
export function createRoleBook({ customRoles, isPlatform }: RoleBookSource): RoleBook {
  const roles = [...BUILT_IN_ROLES, ...(isPlatform ? [OPERATOR_ROLE] : []), ...customRoles];
  const byName = new Map<string, Role>();
  // Built-in roles come first and stay: no custom role can take the place of one.
  for (const role of roles) if (!byName.has(role.name)) byName.set(role.name, role);
  const boundary = isPlatform ? [] : [TENANT_BOUNDARY];
  const policies = new Map<string, CompiledPolicy>();

  const split = ({ held, active = held }: RolesInForce) => {
    const mine = [...new Set(held)].sort().flatMap((name) => byName.get(name) ?? []);
    return {
      inForce: mine.filter((role) => active.includes(role.name)),
      leftOut: mine.filter((role) => !active.includes(role.name)),
    };
  };
  return {
    roles: [...byName.values()],
    find: (name) => byName.get(name),
    policyFor: (asked) => {
      const key = keyOf(asked);
      const known = policies.get(key);
      if (known !== undefined) return known;
      const { inForce, leftOut } = split(asked);
      const policy = compileRoles(inForce, [...leftOut, ...boundary]);
      if (policies.size >= MAX_POLICIES) policies.clear();
      policies.set(key, policy);
      return policy;
    },
    statementsFor: (asked) => {
      const { inForce, leftOut } = split(asked);
      const denies = leftOut.flatMap((role) => role.statements.filter(({ effect }) => effect === "deny"));
      return [...inForce.flatMap((role) => role.statements), ...denies];
    },
  };
}

/** No role has a space or a bar in its name. */
function keyOf({ held, active }: RolesInForce): string {
  const all = held.length === 1 ? (held[0] ?? "") : held.toSorted().join(" ");
  return active === undefined ? all : `${all} | ${active.toSorted().join(" ")}`;
}
