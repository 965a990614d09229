import { AppError } from "../errors.ts";
import type { Login } from "../identity/account-store.ts";
import type { EpochMs } from "../time.ts";
import {
  ADDRESS_WINDOW_MS,
  attemptWaits,
  FAILURES_MAX_OF_ADDRESS,
  type FailedAttempts,
  failuresFrom,
  failuresToSpare,
  forgotten,
} from "./failed-attempts.ts";
import type { AttemptsProof } from "./session-store.ts";
import type { SignInPlace, SignInStore } from "./sign-in-store.ts";

/** What holding back those who guess needs. */
export interface AdmitAttemptDeps {
  readonly signIns: Pick<SignInStore, "isKnownDevice" | "countFailure" | "countAddressFailure">;
  /** What counts as one address. */
  readonly hostNetwork: (ip: string) => string;
  readonly now: () => EpochMs;
}

/** Somebody about to show a password or a code. */
export interface Attempt {
  readonly login: Login;
  readonly attempts: FailedAttempts;
  readonly place: SignInPlace;
  /** Names the attempt: the request's id. */
  readonly requestId: string;
  /** Failures of the address in this minute; 0 for a code, whose account is known already. */
  readonly addressFailures: number;
}

/**
 * Lets an attempt pass, or tells it to wait. An account takes five failures from an address and twenty from anywhere
 * in 15 min, an address a hundred in a minute. A device that the account knows is held up by its own failures alone, so that
 * nobody can be kept out from elsewhere.
 *
 * Gives the proof that belongs into the transaction of success: it is refused where so many failed meanwhile that
 * this attempt would have had to wait. Guesses sent all at once are no more than guesses one after the other.
 * @throws AppError `rate.limited`
 */
export async function admitAttempt(deps: AdmitAttemptDeps, attempt: Attempt): Promise<AttemptsProof> {
  const { attempts, addressFailures, login, place } = attempt;
  const nowMs = deps.now();
  const source = deps.hostNetwork(place.ip);
  const { fromSourceMs, ofAccountMs } = attemptWaits(attempts, source, nowMs);
  const ofAddressMs =
    addressFailures < FAILURES_MAX_OF_ADDRESS ? 0 : ADDRESS_WINDOW_MS - (nowMs % ADDRESS_WINDOW_MS);
  const othersMs = Math.max(ofAccountMs, ofAddressMs);
  const isKnownDevice = othersMs > 0 && (await deps.signIns.isKnownDevice(login, place));
  const waitMs = Math.max(fromSourceMs, isKnownDevice ? 0 : othersMs);
  if (waitMs > 0) throw tooManyAttempts(waitMs);
  return {
    kind: "attempts",
    mostFailures: attempts.total + failuresToSpare(attempts, { source, isKnownDevice, nowMs }),
    settled: failuresFrom(attempts, source, nowMs).map(({ id }) => id),
  };
}

/** The proof for a step that is not the last: what failed before goes on counting. */
export function unsettled(proof: AttemptsProof): AttemptsProof {
  return { ...proof, settled: [] };
}

/** Puts an attempt on record as failed; one with a password also counts against its address. */
export async function countFailure(
  deps: AdmitAttemptDeps,
  { login, attempts, place, requestId }: Attempt,
  what: "password" | "code",
): Promise<void> {
  const nowMs = deps.now();
  const source = deps.hostNetwork(place.ip);
  await Promise.all([
    deps.signIns.countFailure(login, { id: requestId, source, atMs: nowMs }, forgotten(attempts, nowMs)),
    what === "password" ? deps.signIns.countAddressFailure(source, nowMs) : undefined,
  ]);
}

/** Too many attempts failed: the next one is looked at in `waitMs`. */
function tooManyAttempts(waitMs: number): AppError {
  return new AppError("rate.limited", "Too many attempts failed: wait, then try again.", {
    retryAfterSeconds: waitMs / 1000,
  });
}
