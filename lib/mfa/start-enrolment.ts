import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Account } from "../identity/account-store.ts";
import type { FactorType } from "../session/policy.ts";
import type { Seals } from "../session/token.ts";
import { FACTORS_MAX, type Factor, presentFactors } from "./factor.ts";
import type { FactorStore } from "./factor-store.ts";
import type { Passkeys } from "./passkey.ts";
import { type SendCodeDeps, sendCode } from "./send-code.ts";
import type { SentCodes } from "./sms-code.ts";
import type { Totp, TotpSetup } from "./totp.ts";
import { factorOwner } from "./verify-factor.ts";
import { passkeysOf } from "./verify-passkey.ts";

/** What beginning an enrolment needs. */
export interface StartEnrolmentDeps extends SendCodeDeps {
  readonly factors: Pick<FactorStore, "add">;
  readonly totp: Pick<Totp, "enrol">;
  readonly passkeys: Pick<Passkeys, "registrationOptions">;
  readonly factorSeals: Pick<Seals, "seal">;
}

/** A factor that somebody wants to add. */
export interface StartEnrolment {
  readonly account: Account;
  readonly sentCodes: SentCodes;
  readonly factorId: string;
  readonly label: string;
  readonly wanted: { readonly type: "totp" | "passkey" } | { readonly type: "sms"; readonly phone: string };
}

/** The factor as it was added, and what its owner needs to show that it works. */
export interface Enrolment {
  readonly factor: Factor;
  readonly setup?: TotpSetup;
  /** `PublicKeyCredentialCreationOptionsJSON`. */
  readonly options?: unknown;
}

/**
 * Adds a factor that still has to be verified: an authenticator app is shown its secret, a phone is sent a code, a
 * browser is given the options of a registration. Nothing is protected by it yet.
 * @throws AppError `access.denied` for a type that the tenant does not allow, `conflict` for an eleventh factor,
 * `rate.limited`
 */
export async function startEnrolment(
  deps: StartEnrolmentDeps,
  enrolment: StartEnrolment,
  trail: Trail,
): Promise<Enrolment> {
  const { account, wanted } = enrolment;
  checkAllowed(account, wanted.type);
  if (presentFactors(account.factors, deps.now()).length >= FACTORS_MAX) {
    throw new AppError("conflict", `A user has at most ${FACTORS_MAX} factors: remove one first.`);
  }
  switch (wanted.type) {
    case "totp":
      return await enrolApp(deps, enrolment, trail);
    case "sms":
      return await enrolPhone(deps, { ...enrolment, phone: wanted.phone }, trail);
    case "passkey":
      return await enrolPasskey(deps, enrolment, trail);
  }
}

function checkAllowed({ tenant }: Account, type: FactorType): void {
  if (tenant.policy.allowedFactors.includes(type)) return;
  throw new AppError("access.denied", "Your organisation does not allow this kind of factor.");
}

async function enrolApp(deps: StartEnrolmentDeps, enrolment: StartEnrolment, trail: Trail) {
  const { account, factorId, label } = enrolment;
  const { user, tenant } = account;
  const setup = await deps.totp.enrol({ issuer: tenant.name, account: user.email });
  const context = factorOwner(user);
  const sealedSecret = await deps.factorSeals.seal("factor-secret", setup.secret, { context });
  const factor: Factor = { factorId, type: "totp", label, createdAtMs: deps.now(), sealedSecret };
  await deps.factors.add(user, factor, trail);
  return { factor, setup };
}

async function enrolPhone(
  deps: StartEnrolmentDeps,
  { account, sentCodes, factorId, label, phone }: StartEnrolment & { readonly phone: string },
  trail: Trail,
) {
  const { tenantId, userId } = account.user;
  const factor = { factorId, type: "sms", label, createdAtMs: deps.now(), phone } as const;
  await deps.factors.add(account.user, factor, trail);
  const owner = { tenantId, userId };
  await sendCode(deps, { owner, factor, sentCodes, purpose: factorId }, undefined);
  return { factor };
}

async function enrolPasskey(deps: StartEnrolmentDeps, enrolment: StartEnrolment, trail: Trail) {
  const { account, factorId, label } = enrolment;
  const { tenantId, userId, email, name } = account.user;
  const { options, challenge } = await deps.passkeys.registrationOptions({
    owner: { tenantId, userId },
    userName: email,
    displayName: name,
    existing: passkeysOf(account).map(({ credential }) => credential),
  });
  const factor: Factor = { factorId, type: "passkey", label, createdAtMs: deps.now(), challenge };
  await deps.factors.add(account.user, factor, trail);
  return { factor, options };
}
