import { randomUUID } from "node:crypto";
import { challengeTable } from "./challenge-table.ts";
import { systemNow } from "./clock.ts";
import { commonPasswords } from "./common-passwords.ts";
import { describeDevice } from "./devices.ts";
import { env } from "./env.ts";
import { factorTable } from "./factor-table.ts";
import { otpCodes } from "./otp-codes.ts";
import { passkeys } from "./passkeys.ts";
import { passwordHasher } from "./password-hasher.ts";
import { passwordTable } from "./password-table.ts";
import { platform, platformSeals, platformSecrets, sessionEnding } from "./platform.ts";
import { recoveryCodes } from "./recovery-codes.ts";
import { seals } from "./seals.ts";
import { sentCodeTable } from "./sent-code-table.ts";
import { sessionTable } from "./session-table.ts";
import { signInTable } from "./sign-in-table.ts";
import { textMessages } from "./text-messages.ts";
import { totp } from "./totp.ts";

/** Seals the secrets of factors, with keys of their own: they outlive the keys of what clients carry. */
export const factorSeals = seals({
  keys: async () => (await platformSecrets.current()).factorKeys,
  now: systemNow,
});

/** What the functions that open or continue a session need, beside what every endpoint does. */
export function signInPorts() {
  return {
    ...platform(),
    ...sessionEnding(),
    sessions: sessionTable(),
    signIns: signInTable(),
    challenges: challengeTable(),
    passwords: passwordHasher(),
    seals: platformSeals,
    newChallengeId: () => randomUUID(),
    describeDevice,
    totp: totp(),
    recoveryCodes: recoveryCodes(),
    oneTimeCodes: otpCodes({ secrets: platformSecrets }),
    factorSeals,
    passkeys: passkeys({
      rpId: env.passkeyRelyingParty,
      rpName: "Active Session",
      origins: env.passkeyOrigins,
    }),
  };
}

/** What changing factors and passwords needs beside that. */
export function credentialPorts() {
  return {
    ...signInPorts(),
    factors: factorTable(),
    sentCodes: sentCodeTable(),
    texts: textMessages(),
    passwordStore: passwordTable(),
    commonPasswords: commonPasswords(),
  };
}
