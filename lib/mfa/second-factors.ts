import type { SecondFactors } from "../session/second-factors.ts";
import { summarise, usableFactors } from "./factor.ts";
import type { Passkeys } from "./passkey.ts";
import { type ProveFactorDeps, proveFactor } from "./prove-factor.ts";
import { type VerifyFactorDeps, verifyFactor } from "./verify-factor.ts";
import { passkeysOf, type VerifyPasskeyDeps, verifyPasskey } from "./verify-passkey.ts";

/** What checking second factors of whatever kind needs. */
export interface SecondFactorsDeps extends VerifyFactorDeps, VerifyPasskeyDeps, ProveFactorDeps {
  readonly passkeys: VerifyPasskeyDeps["passkeys"] &
    ProveFactorDeps["passkeys"] &
    Pick<Passkeys, "signInOptions">;
  readonly recoveryCodes: VerifyFactorDeps["recoveryCodes"] & ProveFactorDeps["recoveryCodes"];
}

/** The second factors of people, as signing in asks for them. */
export function secondFactors(deps: SecondFactorsDeps): SecondFactors {
  return {
    usable: ({ factors, tenant }) => usableFactors(factors, tenant.policy.allowedFactors).map(summarise),
    verifyCode: (account, attempt) => verifyFactor(deps, account, attempt),
    askPasskey: async (account) => {
      const allowed = account && passkeysOf(account).map(({ credential }) => credential);
      return allowed?.length === 0 ? undefined : await deps.passkeys.signInOptions(allowed);
    },
    passkeyOwner: (credential) => deps.passkeys.identify(credential)?.owner,
    verifyPasskey: (account, attempt) => verifyPasskey(deps, account, attempt),
    prove: (input) => proveFactor(deps, input),
  };
}
