import type { Account } from "../identity/account-store.ts";
import type { FactorSummary } from "../mfa/factor.ts";
import type { PasskeyOptions, PasskeyOwner } from "../mfa/passkey.ts";
import type { FactorProved, ProveFactor } from "../mfa/prove-factor.ts";
import type { CodeAttempt, VerifiedFactor } from "../mfa/verify-factor.ts";
import type { PasskeyAttempt } from "../mfa/verify-passkey.ts";

/** The second factors of people as signing in needs them; `lib/mfa/second-factors.ts` is behind it. */
export interface SecondFactors {
  /** Those that a sign-in asks for: verified, and of a type that the tenant allows. */
  usable(account: Account): readonly FactorSummary[];
  /** `undefined` where the code is right for none of them. */
  verifyCode(account: Account, attempt: CodeAttempt): Promise<VerifiedFactor | undefined>;
  /** What an account's passkeys, or any, are to sign; `undefined` for an account that has none. */
  askPasskey(account: Account | undefined): Promise<PasskeyOptions | undefined>;
  /** Whose a passkey claims to be. Proves nothing. */
  passkeyOwner(credential: unknown): PasskeyOwner | undefined;
  /** `undefined` where anything about the answer is wrong. */
  verifyPasskey(account: Account, attempt: PasskeyAttempt): Promise<VerifiedFactor | undefined>;
  /** `undefined` where the proof that a new factor works is wrong. @throws AppError as `proveFactor` */
  prove(input: ProveFactor): Promise<FactorProved | undefined>;
}
