import type { Trail } from "../activity/trail.ts";
import { AppError, assertNever } from "../errors.ts";
import type { Account } from "../identity/account-store.ts";
import type { SecondFactorCode } from "../mfa/code.ts";
import type { VerifiedFactor } from "../mfa/verify-factor.ts";
import { type AdmitAttemptDeps, admitAttempt, countFailure } from "./admit-attempt.ts";
import { sessionEnded } from "./authenticate-caller.ts";
import { addMethod, type UsedMethod } from "./authentication-methods.ts";
import type { Caller } from "./caller.ts";
import { openPasskeyChallenge } from "./passkey-challenge.ts";
import type { SecondFactors } from "./second-factors.ts";
import { type Session, touched } from "./session.ts";
import type { Proof, SessionStore } from "./session-store.ts";
import type { SignInPlace, SignInRows, SignInStore } from "./sign-in-store.ts";
import { refusedProof } from "./start-session.ts";
import type { Seals } from "./token.ts";
import { challengeExpired, codeAttempt } from "./verify-mfa.ts";

/** What verifying a factor again needs. */
export interface StepUpDeps extends AdmitAttemptDeps {
  readonly secondFactors: Pick<SecondFactors, "usable" | "verifyCode" | "verifyPasskey">;
  readonly signIns: SignInStore;
  readonly sessions: Pick<SessionStore, "get" | "rotate">;
  readonly seals: Pick<Seals, "open">;
}

/** A factor shown again within a session. */
export interface StepUp {
  readonly caller: Caller;
  readonly shown:
    | { readonly code: SecondFactorCode; readonly factorId?: string | undefined }
    | { readonly passkeyToken: string; readonly credential: unknown };
  readonly place: SignInPlace;
  readonly requestId: string;
}

const ATTEMPTS = 5;

/**
 * Verifies a factor again within a session, and gives the session as it goes on: with a fresh `auth_time`, the next
 * refresh token, and free of a demand to step up. Tokens given before do not gain by it.
 * @throws AppError `mfa.enrollment_required`, `mfa.invalid_code`, `mfa.challenge_expired`, `rate.limited`, `session.ended`
 */
export async function stepUp(deps: StepUpDeps, input: StepUp, trail: Trail): Promise<Session> {
  const { caller } = input;
  if (caller.session.kind !== "interactive") {
    throw new AppError("access.denied", "Only a person can verify a factor.");
  }
  const rows = await deps.signIns.read(caller);
  if (rows.account === undefined || deps.secondFactors.usable(rows.account).length === 0) {
    throw new AppError("mfa.enrollment_required", "There is no factor to verify: add one first.");
  }
  const attempt = codeAttempt(input, caller, rows);
  const admitted = await admitAttempt(deps, attempt);
  const verified = await verifyShown(deps, input, { account: rows.account, rows });
  if (verified === undefined) {
    await countFailure(deps, attempt, "code");
    throw refusedProof("proof_used");
  }
  trail.note({ method: verified.method.type });
  return await raise(
    deps,
    { caller, method: verified.method, proofs: [admitted, ...verified.proofs] },
    trail,
  );
}

async function verifyShown(
  deps: StepUpDeps,
  { shown, caller }: StepUp,
  { account, rows }: { readonly account: Account; readonly rows: SignInRows },
): Promise<VerifiedFactor | undefined> {
  if ("code" in shown) {
    const purpose = caller.session.sessionId;
    return await deps.secondFactors.verifyCode(account, { ...shown, sentCodes: rows.sentCodes, purpose });
  }
  const asked = await openPasskeyChallenge(deps.seals, shown.passkeyToken);
  // What was asked for a sign-in is answered at the sign-in alone.
  if (asked === undefined || asked.login !== undefined) throw challengeExpired();
  return await deps.secondFactors.verifyPasskey(account, {
    credential: shown.credential,
    asked,
    isSoleFactor: false,
  });
}

interface Raise {
  readonly caller: Caller;
  readonly method: UsedMethod;
  readonly proofs: readonly Proof[];
}

/** The session may be refreshed at the same moment: then it is raised as it stands after that. */
async function raise(deps: StepUpDeps, { caller, method, proofs }: Raise, trail: Trail): Promise<Session> {
  let session: Session | undefined = caller.session;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (session === undefined || session.end !== undefined)
      throw sessionEnded(session?.end?.reason ?? "idle_expired");
    const next = raised(session, caller, { method, nowMs: deps.now() });
    const outcome = await deps.sessions.rotate({ session, next, trail, proofs });
    switch (outcome) {
      case "rotated":
        return next;
      case "proof_used":
      case "attempts_failed":
        throw refusedProof(outcome);
      case "contended":
        session = await deps.sessions.get(caller.tenantId, caller.session.sessionId);
        break;
      default:
        assertNever(outcome);
    }
  }
  throw new AppError("unavailable", "The session changes too quickly: try again.");
}

function raised(
  session: Session,
  { tenant }: Caller,
  { method, nowMs }: { readonly method: UsedMethod; readonly nowMs: number },
): Session {
  const { stepUpDemandedAtMs: _settled, ...rest } = touched(session, tenant.policy, nowMs);
  return {
    ...rest,
    amr: addMethod(session.amr, method),
    authTimeMs: nowMs,
    factorVerifiedAtMs: nowMs,
    refreshGeneration: session.refreshGeneration + 1,
    refreshRotatedAtMs: nowMs,
  };
}
