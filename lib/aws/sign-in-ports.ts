import { randomUUID } from "node:crypto";
import { hostNetwork } from "../access/cidr.ts";
import type { Trail } from "../activity/trail.ts";
import { openInvitation } from "../identity/invitation.ts";
import { PLATFORM_TENANT_ID } from "../identity/tenant.ts";
import { secondFactors } from "../mfa/second-factors.ts";
import { type LoginPhone, sendLoginCode } from "../mfa/send-factor-code.ts";
import { openEnrolment } from "../session/enrolling.ts";
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
import { turns } from "./turns.ts";

/** Seals the secrets of factors, with keys of their own: they outlive the keys of what clients carry. */
export const factorSeals = seals({
  keys: async () => (await platformSecrets.current()).factorKeys,
  now: systemNow,
});

/** What second factors are made and checked with. */
function mfaPorts() {
  return {
    totp: totp(),
    recoveryCodes: recoveryCodes(),
    oneTimeCodes: otpCodes({ secrets: platformSecrets }),
    factorSeals,
    passkeys: passkeys({
      rpId: env.passkeyRelyingParty,
      rpName: "Active Session",
      origins: env.passkeyOrigins,
    }),
    now: systemNow,
  };
}

/** Sign-ins of one user within this process take turns. */
const inTurn = turns();

/** What the functions that open or continue a session need, beside what every endpoint does. */
export function signInPorts() {
  const signIns = signInTable();
  return {
    ...platform(),
    ...sessionEnding(),
    sessions: sessionTable(),
    signIns,
    openEnrolment: (challengeToken: string, trail: Trail) =>
      openEnrolment({ signIns, seals: platformSeals, now: systemNow }, challengeToken, trail),
    challenges: challengeTable(),
    passwords: passwordHasher(),
    seals: platformSeals,
    newChallengeId: () => randomUUID(),
    describeDevice,
    inTurn,
    hostNetwork,
    platformTenantId: PLATFORM_TENANT_ID,
    secondFactors: secondFactors(mfaPorts()),
  };
}

/** What changing factors and passwords needs beside that. */
export function credentialPorts() {
  const sending = { ...mfaPorts(), sentCodes: sentCodeTable(), texts: textMessages() };
  return {
    ...sending,
    ...signInPorts(),
    sendLoginCode: (phone: LoginPhone, trail: Trail) => sendLoginCode(sending, phone, trail),
    openInvitation: (token: string) => openInvitation(platformSeals, token),
    factors: factorTable(),
    passwordStore: passwordTable(),
    commonPasswords: commonPasswords(),
  };
}
