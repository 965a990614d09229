import type { Trail } from "../activity/trail.ts";
import { notFound } from "../errors.ts";
import type { Account } from "../identity/account-store.ts";
import { type OpenSessionDeps, openSession } from "./open-session.ts";
import type { Session } from "./session.ts";
import type { SignInPlace } from "./sign-in-store.ts";
import { orUsed } from "./start-session.ts";
import type { Seals } from "./token.ts";
import { challengeExpired, checkChallenge, type OpenChallengeDeps, openChallenge } from "./verify-mfa.ts";

/** What ending one session for another needs. */
export interface ReplaceSessionDeps extends OpenSessionDeps, OpenChallengeDeps {
  readonly seals: Pick<Seals, "seal" | "open">;
}

/** A choice among one's sessions. */
export interface ReplaceSession {
  /** From the refusal that asked. */
  readonly challengeToken: string;
  readonly sessionId: string;
  readonly place: SignInPlace;
}

/**
 * Ends the chosen session and opens the one that had no room, in one transaction.
 * @throws AppError `mfa.challenge_expired`, `not_found` for what is no active session of the user, and as `openSession`
 */
export async function replaceSession(
  deps: ReplaceSessionDeps,
  { challengeToken, sessionId, place }: ReplaceSession,
  trail: Trail,
): Promise<{ session: Session; account: Account }> {
  const { challenge, account, rows } = await openChallenge(deps, challengeToken, trail);
  checkChallenge(deps, challenge, "replacement");
  trail.note({ replaces: sessionId });
  if (!rows.guardedIds.includes(sessionId)) throw notFound();
  const open = {
    account,
    place,
    progress: challenge,
    proofs: [{ kind: "challenge", challengeId: challenge.challengeId } as const],
    guardedIds: rows.guardedIds,
    replacing: sessionId,
  };
  const session = await orUsed(openSession(deps, open, trail), challengeExpired);
  return { session, account };
}
