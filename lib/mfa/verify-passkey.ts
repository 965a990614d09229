import type { Account } from "../identity/account-store.ts";
import type { PasskeyChallenge } from "../session/passkey-challenge.ts";
import { type PasskeyFactor, usableFactors } from "./factor.ts";
import type { PasskeyCredential, Passkeys } from "./passkey.ts";
import type { VerifiedFactor } from "./verify-factor.ts";

/** What checking a passkey needs. */
export interface VerifyPasskeyDeps {
  readonly passkeys: Pick<Passkeys, "identify" | "verifySignIn">;
}

/** A passkey's answer to what it was asked to sign. */
export interface PasskeyAttempt {
  /** The browser's `AuthenticationResponseJSON`, unparsed. */
  readonly credential: unknown;
  readonly asked: PasskeyChallenge;
  /** True where the passkey is the only factor. */
  readonly isSoleFactor: boolean;
}

/** Checks a passkey's answer against the account's own passkeys; `undefined` where anything is wrong. */
export async function verifyPasskey(
  deps: VerifyPasskeyDeps,
  account: Account,
  { credential: response, asked, isSoleFactor }: PasskeyAttempt,
): Promise<VerifiedFactor | undefined> {
  const claimed = deps.passkeys.identify(response);
  const factor = passkeysOf(account).find(
    ({ credential }) => credential.credentialId === claimed?.credentialId,
  );
  if (factor === undefined) return undefined;
  const { tenantId, userId } = account.user;
  const use = await deps.passkeys.verifySignIn({
    response,
    challenge: asked.challenge,
    owner: { tenantId, userId },
    credential: factor.credential,
    requireUserVerification: isSoleFactor,
  });
  if (use === undefined) return undefined;
  return {
    method: { type: "passkey", deviceBound: factor.credential.deviceBound, userVerified: use.userVerified },
    proofs: [
      { kind: "passkey_challenge", challenge: asked.challenge, expiresAtMs: asked.expiresAtMs },
      { kind: "passkey", factorId: factor.factorId, signCount: use.signCount },
    ],
  };
}

/** The passkeys that the account can sign in with. */
export function passkeysOf(
  account: Pick<Account, "factors" | "tenant">,
): readonly (PasskeyFactor & { readonly credential: PasskeyCredential })[] {
  return usableFactors(account.factors, account.tenant.policy.allowedFactors).flatMap((factor) =>
    factor.type === "passkey" && factor.credential !== undefined
      ? [{ ...factor, credential: factor.credential }]
      : [],
  );
}
