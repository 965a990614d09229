import type { Actor } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Account, Login } from "../identity/account-store.ts";
import { type AdmitAttemptDeps, type Attempt, admitAttempt, countFailure } from "./admit-attempt.ts";
import { type ContinueSignInDeps, continueSignIn, type SignedIn } from "./continue-sign-in.ts";
import type { PasswordHasher } from "./password-policy.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import type { AttemptsProof } from "./session-store.ts";
import type { SignInPlace, SignInRows, SignInStore } from "./sign-in-store.ts";

/** What signing in with a password needs. */
export interface LogInDeps extends ContinueSignInDeps, AdmitAttemptDeps {
  readonly signIns: SignInStore;
  readonly passwords: Pick<PasswordHasher, "verify">;
  /** SHA-256, hex. */
  readonly sha256: (text: string) => string;
  /** The tenant that keeps the records of what belongs to nobody. */
  readonly platformTenantId: string;
}

/** A sign-in's first step. */
export interface LogIn {
  /** Normalised. */
  readonly email: string;
  /** Normalised. */
  readonly password: string;
  readonly deviceName?: string | undefined;
  readonly roleSubset?: readonly string[] | undefined;
  readonly place: SignInPlace;
  readonly requestId: string;
}

/**
 * Checks a password and either opens a session or asks for the second factor.
 * @throws AppError `auth.invalid_credentials`, the same for a wrong address, a wrong password and a disabled user;
 * `rate.limited`, the same whether there is such an account or not; and as `continueSignIn`
 */
export async function logIn(deps: LogInDeps, input: LogIn, trail: Trail): Promise<SignedIn> {
  const { account, rows, admitted } = await authenticate(deps, input, trail);
  checkRoles(account, input.roleSubset);
  const { deviceName, roleSubset } = input;
  return await continueSignIn(
    deps,
    {
      account,
      place: input.place,
      progress: {
        amr: ["pwd"],
        authTimeMs: deps.now(),
        ...(deviceName === undefined ? {} : { deviceName }),
        ...(roleSubset === undefined ? {} : { roleSubset }),
      },
      proofs: [admitted],
      guardedIds: rows.guardedIds,
    },
    trail,
  );
}

/** The one answer to whoever cannot be signed in. */
export function invalidCredentials(): AppError {
  return new AppError("auth.invalid_credentials", "The address or the password is not right.");
}

interface Authenticated {
  readonly account: Account;
  readonly rows: SignInRows;
  readonly admitted: AttemptsProof;
}

/**
 * An address that nobody has goes the same way as any other, step by step: its failures are counted, and they are
 * put on record with the platform, so that spraying is seen.
 */
async function authenticate(deps: LogInDeps, input: LogIn, trail: Trail): Promise<Authenticated> {
  const { email, place, requestId } = input;
  const found = await deps.signIns.find(email, deps.hostNetwork(place.ip), deps.now());
  const login = found.login ?? nobody(deps, email);
  const rows = await deps.signIns.read(login);
  const { account, attempts } = rows;
  trail.by(account === undefined ? strangerOf(deps, email) : ownerOf(account));
  const attempt: Attempt = { login, attempts, place, requestId, addressFailures: found.addressFailures };
  const admitted = await admitAttempt(deps, attempt);
  const matches = await deps.passwords.verify(input.password, account?.passwordHash);
  if (account === undefined || !matches || account.user.disabled || account.tenant.status === "suspended") {
    await countFailure(deps, attempt, "password");
    throw invalidCredentials();
  }
  return { account, rows, admitted };
}

/** Where the failures of an address are kept that is nobody's. */
function nobody(deps: Pick<LogInDeps, "sha256">, email: string): Login {
  return { tenantId: "nobody", userId: deps.sha256(email) };
}

/** Whose record a step of a sign-in is. */
export function ownerOf({ tenant, user }: Pick<Account, "tenant" | "user">) {
  return {
    tenantId: tenant.tenantId,
    actor: { type: "user", id: user.userId, name: user.email },
    retentionDays: tenant.policy.activityRetentionDays,
  } as const;
}

/** Whose record it is when an address is nobody's: the platform's. */
export function strangerOf({ platformTenantId }: Pick<LogInDeps, "platformTenantId">, email: string) {
  const actor: Actor = { type: "external", id: email, name: email };
  return { tenantId: platformTenantId, actor, retentionDays: DEFAULT_POLICY.activityRetentionDays };
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
