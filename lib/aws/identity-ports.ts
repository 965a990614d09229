import { randomUUID } from "node:crypto";
import { rolesToGive } from "../access/check-grant.ts";
import { mayManageUser } from "../access/grant.ts";
import type { Trail } from "../activity/trail.ts";
import type { Grants } from "../identity/grants.ts";
import type { Tenant } from "../identity/tenant.ts";
import { checkNewPassword, type NewPassword } from "../session/password-policy.ts";
import { DEFAULT_POLICY } from "../session/policy.ts";
import { revokeSessions } from "../session/revoke-sessions.ts";
import { accountTable } from "./account-table.ts";
import { commonPasswords } from "./common-passwords.ts";
import { env } from "./env.ts";
import { mailer } from "./mailer.ts";
import { passwordHasher } from "./password-hasher.ts";
import { platform, platformSeals, sessionEnding } from "./platform.ts";
import { sessionTable } from "./session-table.ts";
import { tenantTable } from "./tenant-table.ts";
import { userTable } from "./user-table.ts";

const grants: Grants = { rolesToGive, mayManageUser };

/** What the functions that manage people and tenants need, beside what every endpoint does. */
export function identityPorts() {
  const common = commonPasswords();
  const ending = { ...sessionEnding(), sessions: sessionTable() };
  return {
    ...platform(),
    users: userTable(),
    tenants: tenantTable(),
    accounts: accountTable(),
    grants,
    defaultPolicy: DEFAULT_POLICY,
    seals: platformSeals,
    mailer: mailer(),
    publicUrl: env.issuer,
    checkPassword: (wanted: NewPassword) => checkNewPassword(common, wanted),
    hashPassword: passwordHasher().hash,
    newInvitationId: () => randomUUID(),
    endSessions: (tenant: Tenant, userId: string, trail: Trail) =>
      revokeSessions(ending, { tenant, userId, reason: "user_disabled", trail }),
  };
}
