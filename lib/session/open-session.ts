import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Account } from "../identity/account-store.ts";
import { toRfc3339 } from "../time.ts";
import { type AuthenticateCallerDeps, checkAddress } from "./authenticate-caller.ts";
import type { ChallengeStore, LoginChallenge } from "./login-challenge.ts";
import { CHALLENGE_LIFETIME_MS } from "./login-challenge.ts";
import type { Device, Session } from "./session.ts";
import type { Proof } from "./session-store.ts";
import type { SignInPlace } from "./sign-in-store.ts";
import { refusedProof, SessionLimitReached, type StartSessionDeps, startSession } from "./start-session.ts";
import type { Seals } from "./token.ts";

/** What the last step of every sign-in needs. */
export interface OpenSessionDeps extends StartSessionDeps {
  readonly challenges: Pick<ChallengeStore, "add">;
  readonly seals: Pick<Seals, "seal">;
  readonly newChallengeId: () => string;
  readonly isAddressAllowed: AuthenticateCallerDeps["isAddressAllowed"];
  readonly describeDevice: (userAgent: string, name: string | undefined) => Device;
}

/** Somebody who has proved who they are. */
export interface OpenSession {
  readonly account: Account;
  readonly place: SignInPlace;
  /** What the steps so far were: the methods, when the last one was, the device's name, the roles asked for. */
  readonly progress: Pick<
    LoginChallenge,
    "amr" | "authTimeMs" | "factorVerifiedAtMs" | "deviceName" | "roleSubset"
  >;
  readonly proofs: readonly Proof[];
  /** The ids that the user's guard counts as active, as they were read. */
  readonly guardedIds: readonly string[];
  /** The session that the user chose to end for this one. */
  readonly replacing?: string | undefined;
}

/**
 * Opens an interactive session. Where the limit is reached and the tenant wants to be asked, the proofs are used up
 * all the same, and the refusal carries the sessions to choose from and a challenge to go on with.
 * @throws AppError `access.denied` for an address that the tenant does not allow, `session.limit_reached`, `mfa.invalid_code` for a proof used before, `rate.limited`, `unavailable`
 */
export async function openSession(deps: OpenSessionDeps, open: OpenSession, trail: Trail): Promise<Session> {
  const { account, place, progress } = open;
  const { user, tenant } = account;
  checkAddress(deps, tenant, place.ip);
  try {
    return await startSession(
      deps,
      {
        user,
        tenant,
        kind: "interactive",
        device: deps.describeDevice(place.userAgent, progress.deviceName),
        ip: place.ip,
        userAgent: place.userAgent,
        amr: progress.amr,
        authTimeMs: progress.authTimeMs,
        factorVerifiedAtMs: progress.factorVerifiedAtMs,
        roleSubset: progress.roleSubset,
        proofs: open.proofs,
        guardedIds: open.guardedIds,
        replacing: open.replacing,
      },
      trail,
    );
  } catch (thrown) {
    if (!(thrown instanceof SessionLimitReached) || tenant.policy.onSessionLimit !== "ask") throw thrown;
    throw await askWhichToEnd(deps, open, thrown.active);
  }
}

/** Makes a challenge of what is known so far. */
export function newChallenge(
  deps: Pick<OpenSessionDeps, "newChallengeId" | "now">,
  { account, progress }: Pick<OpenSession, "account" | "progress">,
  awaits: LoginChallenge["awaits"],
): LoginChallenge {
  const { tenantId, userId } = account.user;
  const createdAtMs = deps.now();
  return {
    // What led to a challenge may be a challenge itself: what names it is new.
    ...progress,
    challengeId: deps.newChallengeId(),
    tenantId,
    userId,
    createdAtMs,
    wrongCodes: 0,
    awaits,
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

async function askWhichToEnd(
  deps: OpenSessionDeps,
  open: OpenSession,
  active: readonly Session[],
): Promise<AppError> {
  const challenge = newChallenge(deps, open, "replacement");
  const outcome = await deps.challenges.add(challenge, { proofs: open.proofs });
  if (outcome !== "added") return refusedProof(outcome);
  const challengeToken = await sealChallenge(deps.seals, challenge);
  return new AppError(
    "session.limit_reached",
    "The limit of concurrent sessions is reached: choose one to end.",
    {
      members: { challengeToken, sessions: active.map(choice) },
    },
  );
}

/** What a person tells one of their sessions from another by. */
function choice({ sessionId, device, ip, createdAtMs, lastSeenAtMs }: Session) {
  return {
    id: sessionId,
    device,
    ip,
    createdAt: toRfc3339(createdAtMs),
    lastSeenAt: toRfc3339(lastSeenAtMs),
  };
}
