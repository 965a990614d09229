import type { Trail } from "../activity/trail.ts";
import type { LoginPhone } from "../mfa/send-factor-code.ts";
import type { Seals } from "./token.ts";
import { checkChallenge, type OpenChallengeDeps, openChallenge } from "./verify-mfa.ts";

/** What sending the code of a sign-in needs. */
export interface SendMfaCodeDeps extends OpenChallengeDeps {
  readonly seals: Pick<Seals, "open">;
  /** @throws AppError `not_found`, `rate.limited` */
  readonly sendLoginCode: (phone: LoginPhone, trail: Trail) => Promise<void>;
}

/** Which phone of a half-done sign-in is sent a code. */
export interface SendMfaCode {
  readonly challengeToken: string;
  readonly factorId: string;
}

/**
 * Sends a code for one sign-in: it is good for that sign-in alone.
 * @throws AppError `mfa.challenge_expired`, `not_found` for what is no phone of the user, `rate.limited`
 */
export async function sendMfaCode(
  deps: SendMfaCodeDeps,
  { challengeToken, factorId }: SendMfaCode,
  trail: Trail,
): Promise<void> {
  const { challenge, account, rows } = await openChallenge(deps, challengeToken, trail);
  checkChallenge(deps, challenge, "factor");
  const { sentCodes } = rows;
  await deps.sendLoginCode({ account, sentCodes, factorId, purpose: challenge.challengeId }, trail);
}
