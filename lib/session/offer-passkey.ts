import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import { PASSKEY_CHALLENGE_LIFETIME_MS, sealPasskeyChallenge } from "./passkey-challenge.ts";
import type { SecondFactors } from "./second-factors.ts";
import type { Seals } from "./token.ts";
import { checkChallenge, type OpenChallengeDeps, openChallenge } from "./verify-mfa.ts";

/** What asking for a passkey needs. */
export interface OfferPasskeyDeps extends OpenChallengeDeps {
  readonly secondFactors: Pick<SecondFactors, "askPasskey">;
  readonly seals: Pick<Seals, "seal" | "open">;
}

/** What the browser hands to the authenticator, and the token to bring back with its answer. */
export interface PasskeyOffer {
  readonly passkeyToken: string;
  /** `PublicKeyCredentialRequestOptionsJSON`. */
  readonly options: unknown;
}

/**
 * Asks for a passkey: any of this deployment, or with a challenge those of the account whose sign-in it is.
 * @throws AppError `mfa.challenge_expired`, `conflict` for an account without a passkey
 */
export async function offerPasskey(
  deps: OfferPasskeyDeps,
  challengeToken: string | undefined,
  trail: Trail,
): Promise<PasskeyOffer> {
  const opened = challengeToken === undefined ? undefined : await openChallenge(deps, challengeToken, trail);
  if (opened !== undefined) checkChallenge(deps, opened.challenge, "factor");
  const asked = await deps.secondFactors.askPasskey(opened?.account);
  if (asked === undefined) throw new AppError("conflict", "The account has no passkey.");
  const { options, challenge } = asked;
  const passkeyToken = await sealPasskeyChallenge(deps.seals, {
    challenge,
    expiresAtMs: deps.now() + PASSKEY_CHALLENGE_LIFETIME_MS,
    ...(opened === undefined ? {} : { login: refOf(opened.challenge) }),
  });
  return { passkeyToken, options };
}

function refOf({ tenantId, userId, challengeId }: { tenantId: string; userId: string; challengeId: string }) {
  return { tenantId, userId, challengeId };
}
