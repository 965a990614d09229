/**
 * Makes the platform's tenant and its operator in a deployed stage, once:
 * `STAGE=prod node scripts/create-operator.ts --email ADDRESS`. Prints the password and the TOTP secret; neither is kept
 * in readable form anywhere.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { email: { type: "string" } } });
const stage = process.env["STAGE"] ?? "prod";
const service = "active-session";

// As in resources/environment.yml. Adapters read their environment when they are loaded.
process.env["SESSIONS_TABLE"] ??= `${service}-${stage}-sessions`;
process.env["IDENTITY_TABLE"] ??= `${service}-${stage}-identity`;
process.env["ACTIVITY_TABLE"] ??= `${service}-${stage}-activity`;
process.env["BILLING_TABLE"] ??= `${service}-${stage}-billing`;
process.env["SECRETS_PARAMETER"] ??= `/${service}/${stage}/secrets`;

const { accountTable } = await import("../lib/aws/account-table.ts");
const { newId } = await import("../lib/aws/ids.ts");
const { passwordHasher } = await import("../lib/aws/password-hasher.ts");
const { factorSeals } = await import("../lib/aws/sign-in-ports.ts");
const { totp } = await import("../lib/aws/totp.ts");
const { normaliseEmail } = await import("../lib/identity/user.ts");
const { PLATFORM_TENANT_ID } = await import("../lib/identity/tenant.ts");
const { DEFAULT_POLICY } = await import("../lib/session/policy.ts");

const email = normaliseEmail(values.email ?? "");
if (email === undefined) fail("Say who the operator is: --email ADDRESS");

const password = randomBytes(18).toString("base64url");
const nowMs = Date.now();
const userId = newId("usr", nowMs);
const { secret, otpauthUri } = await totp().enrol({ issuer: "Active Session", account: email });
const added = await accountTable().addTenant(
  {
    tenantId: PLATFORM_TENANT_ID,
    name: "Platform",
    status: "active",
    policy: DEFAULT_POLICY,
    rolesVersion: 0,
    version: 1,
    createdAtMs: nowMs,
  },
  {
    user: {
      tenantId: PLATFORM_TENANT_ID,
      userId,
      email,
      name: "Operator",
      roles: ["owner", "operator"],
      disabled: false,
      status: "active",
      factorTypes: ["totp"],
      version: 1,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    },
    passwordHash: await passwordHasher().hash(password),
    factors: [
      {
        factorId: newId("fac", nowMs),
        type: "totp",
        label: "Authenticator",
        createdAtMs: nowMs,
        verifiedAtMs: nowMs,
        sealedSecret: await factorSeals.seal("factor-secret", secret, {
          context: `${PLATFORM_TENANT_ID}#${userId}`,
        }),
      },
    ],
  },
);
if (added === "email_taken") fail("The stage has an operator already, or the address is in use.");
process.stdout.write(
  `Operator  ${email}\nPassword  ${password}\nTOTP      ${secret}\n          ${otpauthUri}\n`,
);

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
