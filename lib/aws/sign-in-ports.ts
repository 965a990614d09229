import { randomUUID } from "node:crypto";
import { verifyFactor } from "../mfa/verify-factor.ts";
import { accountTable } from "./account-table.ts";
import { challengeTable } from "./challenge-table.ts";
import { systemNow } from "./clock.ts";
import { describeDevice } from "./devices.ts";
import { passwordHasher } from "./password-hasher.ts";
import { platform, platformSeals, platformSecrets, sessionEnding } from "./platform.ts";
import { recoveryCodes } from "./recovery-codes.ts";
import { refreshTokens } from "./refresh-tokens.ts";
import { seals } from "./seals.ts";
import { sessionTable } from "./session-table.ts";
import { totp } from "./totp.ts";

/** Seals the secrets of factors, with keys of their own: they outlive the keys of what clients carry. */
export const factorSeals = seals({
  keys: async () => (await platformSecrets.current()).factorKeys,
  now: systemNow,
});

/** What the functions that open or continue a session need, beside what every endpoint does. */
export function signInPorts() {
  const verifying = { totp: totp(), recoveryCodes: recoveryCodes(), factorSeals, now: systemNow };
  return {
    ...platform(),
    ...sessionEnding(),
    sessions: sessionTable(),
    accounts: accountTable(),
    challenges: challengeTable(),
    passwords: passwordHasher(),
    refreshTokens: refreshTokens({ secrets: platformSecrets }),
    seals: platformSeals,
    newChallengeId: () => randomUUID(),
    describeDevice,
    verifyCode: (account: Parameters<typeof verifyFactor>[1], attempt: Parameters<typeof verifyFactor>[2]) =>
      verifyFactor(verifying, account, attempt),
  };
}
