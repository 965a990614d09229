import type { User } from "../identity/user.ts";
import type { EpochMs } from "../time.ts";
import type { ApiKey } from "./api-key.ts";
import { ruleName, type TrustRule } from "./trust.ts";

/** A key as a session takes its user: it has roles and a name, and no address, password or factor. */
export function keyPrincipal({ tenantId, keyId, name, roles, createdAtMs }: ApiKey): User {
  return principal({ tenantId, userId: keyId, name, roles, createdAtMs });
}

/** A trust rule as a session takes its user. */
export function rulePrincipal(tenantId: string, rule: TrustRule): User {
  return principal({
    ...{ tenantId, userId: rule.ruleId, name: ruleName(rule), roles: rule.roles },
    createdAtMs: 0,
  });
}

function principal(
  of: Pick<User, "tenantId" | "userId" | "name" | "roles"> & { readonly createdAtMs: EpochMs },
): User {
  return {
    ...of,
    email: "",
    disabled: false,
    status: "active",
    factorTypes: [],
    version: 1,
    updatedAtMs: of.createdAtMs,
  };
}
