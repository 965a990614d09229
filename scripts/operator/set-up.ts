import type { AccountStore, NewAccount } from "../../lib/identity/account-store.ts";
import { PLATFORM_TENANT_ID, type Tenant } from "../../lib/identity/tenant.ts";
import { DEFAULT_POLICY } from "../../lib/session/policy.ts";

/** The stage's secrets, which are made once. */
export interface SecretsMaker {
  exist(): Promise<boolean>;
  /** `false` where they are there already. */
  make(): Promise<boolean>;
}

/** What setting a stage up needs. */
export interface SetUpDeps {
  readonly secrets: SecretsMaker;
  /** Whether the stage's tables are there: a deploy makes them. */
  readonly hasTables: () => Promise<boolean>;
  readonly findTenant: (tenantId: string) => Promise<Tenant | undefined>;
  readonly accounts: Pick<AccountStore, "addTenant">;
  readonly newId: (prefix: "usr" | "fac", atMs: number) => string;
  readonly newPassword: () => string;
  readonly hash: (password: string) => Promise<string>;
  readonly enrol: (account: string) => Promise<{ readonly secret: string; readonly otpauthUri: string }>;
  readonly seal: (secret: string, context: string) => Promise<string>;
  readonly now: () => number;
  /** Shows the operator a line at once. */
  readonly say: (line: string) => void;
}

/** Whom to make the operator. */
export interface SetUp {
  /** Normalised. */
  readonly email: string;
  readonly stage: string;
  /** Says what would be done, and does nothing. */
  readonly isDryRun: boolean;
}

/** How far the stage is: `ready` when its operator can sign in. */
export type SetUpOutcome = "ready" | "to_deploy" | "email_taken" | "dry_run";

/**
 * Sets a stage up for the first time: its secrets, then the platform's tenant and its operator. What is there stays as it
 * is, so that it can be repeated at any time, whatever interrupted it.
 */
export async function setUp(deps: SetUpDeps, input: SetUp): Promise<SetUpOutcome> {
  const { say } = deps;
  await setUpSecrets(deps, input);
  if (!(await deps.hasTables())) {
    say("tables    not there");
    say(`Next: npx sls deploy --stage ${input.stage}, and then this command again.`);
    return "to_deploy";
  }
  say("tables    there");
  if ((await deps.findTenant(PLATFORM_TENANT_ID)) !== undefined) {
    say("operator  there: further ones are added with POST /v1/users");
    return "ready";
  }
  if (input.isDryRun) {
    say(`operator  would be made: ${input.email}`);
    return "dry_run";
  }
  return await setUpOperator(deps, input);
}

async function setUpSecrets({ secrets, say }: SetUpDeps, { isDryRun }: SetUp): Promise<void> {
  if (await secrets.exist()) say("secrets   there");
  else if (isDryRun) say("secrets   would be made");
  else say((await secrets.make()) ? "secrets   made" : "secrets   there");
}

/** What the operator signs in with is shown before it is valid: nobody is made whose password nobody has seen. */
async function setUpOperator(deps: SetUpDeps, { email, stage }: SetUp): Promise<SetUpOutcome> {
  const password = deps.newPassword();
  const { secret, otpauthUri } = await deps.enrol(email);
  const account = await operatorAccount(deps, { email, password, secret });
  for (const line of [
    "operator  signs in with what is shown here and kept nowhere:",
    `  e-mail    ${email}`,
    `  password  ${password}`,
    `  TOTP      ${secret}`,
    `            ${otpauthUri}`,
  ]) {
    deps.say(line);
  }
  const added = await deps.accounts.addTenant(platformTenant(deps.now()), account);
  if (added === "email_taken") {
    deps.say("operator  not made: the address is in use, or somebody else was quicker. The above is void.");
    return "email_taken";
  }
  deps.say("operator  made");
  deps.say(
    `Next: sign in, change the password, set prices (PUT /v1/rate-card), then npm run smoke (${stage}).`,
  );
  return "ready";
}

function platformTenant(nowMs: number): Tenant {
  return {
    tenantId: PLATFORM_TENANT_ID,
    name: "Platform",
    status: "active",
    policy: DEFAULT_POLICY,
    rolesVersion: 0,
    version: 1,
    createdAtMs: nowMs,
  };
}

async function operatorAccount(
  deps: SetUpDeps,
  { email, password, secret }: { readonly email: string; readonly password: string; readonly secret: string },
): Promise<NewAccount> {
  const nowMs = deps.now();
  const userId = deps.newId("usr", nowMs);
  return {
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
    passwordHash: await deps.hash(password),
    factors: [
      {
        factorId: deps.newId("fac", nowMs),
        type: "totp",
        label: "Authenticator",
        createdAtMs: nowMs,
        verifiedAtMs: nowMs,
        sealedSecret: await deps.seal(secret, `${PLATFORM_TENANT_ID}#${userId}`),
      },
    ],
  };
}
