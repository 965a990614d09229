import type { EpochMs } from "../time.ts";
import type { ChallengeRef } from "./login-challenge.ts";
import type { Seals } from "./token.ts";

/** How long a passkey may take to answer. */
export const PASSKEY_CHALLENGE_LIFETIME_MS: EpochMs = 300_000;

/** What a passkey is asked to sign, and for which half-done login, if it is the second factor of one. */
export interface PasskeyChallenge {
  /** Base64url. */
  readonly challenge: string;
  readonly login?: ChallengeRef;
  readonly expiresAtMs: EpochMs;
}

/** Seals what was asked for the client to carry. */
export async function sealPasskeyChallenge(
  seals: Pick<Seals, "seal">,
  asked: PasskeyChallenge,
): Promise<string> {
  return await seals.seal("passkey-challenge", asked, { expiresAtMs: asked.expiresAtMs });
}

/** Reads what was asked; `undefined` for what was altered, has expired or is none. */
export async function openPasskeyChallenge(
  seals: Pick<Seals, "open">,
  passkeyToken: string,
): Promise<PasskeyChallenge | undefined> {
  // What opens under our key is what we sealed.
  return (await seals.open("passkey-challenge", passkeyToken)) as PasskeyChallenge | undefined;
}
