import type { Account } from "../identity/account-store.ts";
import type { UsedMethod } from "../session/authentication-methods.ts";
import type { Proof } from "../session/session-store.ts";
import type { Seals } from "../session/token.ts";
import type { EpochMs } from "../time.ts";
import type { SecondFactorCode } from "./code.ts";
import { type Factor, type SmsFactor, type TotpFactor, usableFactors } from "./factor.ts";
import type { RecoveryCodes } from "./recovery-code.ts";
import { isSmsCodeAlive, type OneTimeCodes, type PendingSmsCode, type SentCodes } from "./sms-code.ts";
import type { Totp } from "./totp.ts";

/** What checking a code needs. */
export interface VerifyFactorDeps {
  readonly totp: Pick<Totp, "verify">;
  readonly recoveryCodes: Pick<RecoveryCodes, "find">;
  readonly oneTimeCodes: Pick<OneTimeCodes, "matches">;
  /** Opens the secrets of factors, which are sealed with their owner as context. */
  readonly factorSeals: Pick<Seals, "open">;
  readonly now: () => EpochMs;
}

/** A code that was right: how it counts, and what has to be used up with it. */
export interface VerifiedFactor {
  readonly method: UsedMethod;
  readonly proofs: readonly Proof[];
}

/** A code as it was typed, and for which factor where the user said so. */
export interface CodeAttempt {
  readonly code: SecondFactorCode;
  readonly factorId?: string | undefined;
  readonly sentCodes: SentCodes;
  /** What codes sent by SMS have to be for: the id of the challenge or of the session. */
  readonly purpose: string;
}

/** What a factor's secret is tied to, so that it opens for its owner alone. */
export function factorOwner({ tenantId, userId }: { tenantId: string; userId: string }): string {
  return `${tenantId}#${userId}`;
}

/** What a code sent by SMS is good for. */
export function smsContext(factorId: string, purpose: string): string {
  return `${factorId}/${purpose}`;
}

/** Finds what a code is right for among the factors that the tenant allows; `undefined` where it is for none. */
export async function verifyFactor(
  deps: VerifyFactorDeps,
  account: Account,
  attempt: CodeAttempt,
): Promise<VerifiedFactor | undefined> {
  const { code, factorId } = attempt;
  if (code.kind === "recovery") {
    const index = deps.recoveryCodes.find(account.user.userId, code.recoveryCode, account.recoveryCodes);
    if (index === undefined) return undefined;
    return { method: { type: "recovery_code" }, proofs: [{ kind: "recovery", index }] };
  }
  const usable = usableFactors(account.factors, account.tenant.policy.allowedFactors);
  for (const factor of usable) {
    if (factorId !== undefined && factor.factorId !== factorId) continue;
    const verified = await verifyDigits(deps, factor, {
      ...attempt,
      digits: code.digits,
      owner: account.user,
    });
    if (verified !== undefined) return verified;
  }
  return undefined;
}

/** Six digits for one factor. */
export interface DigitsAttempt extends Pick<CodeAttempt, "sentCodes" | "purpose"> {
  readonly digits: string;
  readonly owner: { readonly tenantId: string; readonly userId: string };
}

/** Checks six digits against one factor; `undefined` where they are not right. */
export async function verifyDigits(
  deps: Omit<VerifyFactorDeps, "recoveryCodes">,
  factor: Factor,
  attempt: DigitsAttempt,
): Promise<VerifiedFactor | undefined> {
  switch (factor.type) {
    case "totp": {
      const step = await matchingStep(deps, factor, attempt);
      if (step === undefined) return undefined;
      return { method: { type: "totp" }, proofs: [{ kind: "totp", factorId: factor.factorId, step }] };
    }
    case "sms": {
      const pending = await matchingSmsCode(deps, factor, attempt);
      if (pending === undefined) return undefined;
      return { method: { type: "sms" }, proofs: [{ kind: "sms", factorId: factor.factorId, pending }] };
    }
    case "passkey":
      return undefined;
  }
}

async function matchingStep(
  deps: Pick<VerifyFactorDeps, "factorSeals" | "totp" | "now">,
  factor: TotpFactor,
  { digits, owner }: DigitsAttempt,
): Promise<number | undefined> {
  const secret = await deps.factorSeals.open("factor-secret", factor.sealedSecret, {
    context: factorOwner(owner),
  });
  if (typeof secret !== "string") throw new Error("A factor's secret cannot be opened.");
  return deps.totp.verify({ secret, code: digits, nowMs: deps.now(), lastUsedStep: factor.lastUsedStep });
}

async function matchingSmsCode(
  deps: Pick<VerifyFactorDeps, "oneTimeCodes" | "now">,
  { factorId }: SmsFactor,
  { digits, sentCodes, purpose }: DigitsAttempt,
): Promise<PendingSmsCode | undefined> {
  const pending = sentCodes.get(factorId)?.pending;
  if (pending === undefined || !isSmsCodeAlive(pending, deps.now())) return undefined;
  const matches = await deps.oneTimeCodes.matches(smsContext(factorId, purpose), digits, pending.hash);
  return matches ? pending : undefined;
}
