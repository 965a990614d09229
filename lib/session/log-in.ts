import type { Actor } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Account, AccountStore } from "../identity/account-store.ts";
import { PLATFORM_TENANT_ID } from "../identity/tenant.ts";
import { CHALLENGE_LIFETIME_MS } from "../mfa/challenge.ts";
import type { ChallengeStore, LoginChallenge } from "../mfa/challenge-store.ts";
import { type FactorSummary, summarise, usableFactors } from "../mfa/factor.ts";
import type { Device, Session } from "./session.ts";
import { type StartSessionDeps, startSession } from "./start-session.ts";
import type { Seals } from "./token.ts";

/** What signing in with a password needs. */
export interface LogInDeps extends StartSessionDeps {
  readonly accounts: Pick<AccountStore, "findLogin" | "read">;
  readonly challenges: Pick<ChallengeStore, "add">;
  readonly passwords: {
    /** Costs the same for an absent hash as for a wrong password. */
    verify(password: string, hash: string | undefined): Promise<boolean>;
  };
  readonly seals: Pick<Seals, "seal">;
  readonly newChallengeId: () => string;
}

/** A sign-in's first step. */
export interface LogIn {
  /** Normalised. */
  readonly email: string;
  readonly password: string;
  readonly device: Device;
  readonly ip: string;
  readonly userAgent: string;
  readonly roleSubset?: readonly string[] | undefined;
}

/** How a sign-in goes on. */
export type LoggedIn =
  | { readonly status: "active"; readonly session: Session; readonly account: Account }
  | {
      readonly status: "mfa_required";
      readonly challengeToken: string;
      readonly expiresInSeconds: number;
      readonly factors: readonly FactorSummary[];
    }
  | { readonly status: "mfa_enrollment_required"; readonly challengeToken: string };

/**
 * Checks a password and either opens a session or asks for the second factor.
 * @throws AppError `auth.invalid_credentials`, the same for a wrong address, a wrong password and a disabled user
 */
export async function logIn(deps: LogInDeps, input: LogIn, trail: Trail): Promise<LoggedIn> {
  const account = await authenticate(deps, input, trail);
  const { user, tenant } = account;
  checkRoles(account, input.roleSubset);
  const usable = usableFactors(account.factors, tenant.policy.allowedFactors);
  const nowMs = deps.now();
  if (usable.length === 0 && tenant.policy.mfa === "optional") {
    const { device, ip, userAgent, roleSubset } = input;
    const session = await startSession(
      deps,
      {
        user,
        tenant,
        kind: "interactive",
        device,
        ip,
        userAgent,
        amr: ["pwd"],
        authTimeMs: nowMs,
        roleSubset,
        proofs: [],
      },
      trail,
    );
    return { status: "active", session, account };
  }
  const challenge: LoginChallenge = {
    challengeId: deps.newChallengeId(),
    tenantId: tenant.tenantId,
    userId: user.userId,
    createdAtMs: nowMs,
    wrongCodes: 0,
    amr: ["pwd"],
    authTimeMs: nowMs,
    ...(input.device.name === undefined ? {} : { deviceName: input.device.name }),
    ...(input.roleSubset === undefined ? {} : { roleSubset: input.roleSubset }),
    awaits: usable.length === 0 ? "enrollment" : "factor",
  };
  await deps.challenges.add(challenge);
  const challengeToken = await sealChallenge(deps.seals, challenge);
  trail.note({ next: challenge.awaits === "factor" ? "mfa_required" : "mfa_enrollment_required" });
  return challenge.awaits === "enrollment"
    ? { status: "mfa_enrollment_required", challengeToken }
    : {
        status: "mfa_required",
        challengeToken,
        expiresInSeconds: CHALLENGE_LIFETIME_MS / 1000,
        factors: usable.map(summarise),
      };
}

/** Seals where a challenge is, for the client to carry. */
export async function sealChallenge(seals: Pick<Seals, "seal">, challenge: LoginChallenge): Promise<string> {
  const { tenantId, userId, challengeId, createdAtMs } = challenge;
  return await seals.seal(
    "login-challenge",
    { tenantId, userId, challengeId },
    { expiresAtMs: createdAtMs + CHALLENGE_LIFETIME_MS },
  );
}

/** An address that nobody has is put on record with the platform, so that spraying is seen. */
async function authenticate(deps: LogInDeps, input: LogIn, trail: Trail): Promise<Account> {
  const login = await deps.accounts.findLogin(input.email);
  const account = login === undefined ? undefined : await deps.accounts.read(login);
  trail.by(
    account === undefined
      ? { tenantId: PLATFORM_TENANT_ID, actor: stranger(input.email), retentionDays: 400 }
      : {
          tenantId: account.tenant.tenantId,
          actor: { type: "user", id: account.user.userId, name: account.user.email },
          retentionDays: account.tenant.policy.activityRetentionDays,
        },
  );
  const matches = await deps.passwords.verify(input.password, account?.passwordHash);
  if (account === undefined || !matches || account.user.disabled || account.tenant.status === "suspended") {
    throw new AppError("auth.invalid_credentials", "The address or the password is not right.");
  }
  return account;
}

function stranger(email: string): Actor {
  return { type: "external", id: email, name: email };
}

/** A session may have fewer roles than its user, never others. @throws AppError `access.denied` */
function checkRoles({ user }: Account, roleSubset: readonly string[] | undefined): void {
  const foreign = roleSubset?.find((role) => !user.roles.includes(role));
  if (foreign !== undefined) {
    throw new AppError("access.denied", "A session cannot have a role that its user does not hold.", {
      errors: [{ pointer: "/roles", message: "holds a role that is not yours" }],
    });
  }
}
