import type { Account } from "../identity/account-store.ts";
import type { Proof } from "../session/session-store.ts";
import type { Seals } from "../session/token.ts";
import type { EpochMs } from "../time.ts";
import type { UsedMethod } from "./authentication-methods.ts";
import type { SecondFactorCode } from "./code.ts";
import { type Factor, type TotpFactor, usableFactors } from "./factor.ts";
import type { RecoveryCodes } from "./recovery-code.ts";
import type { Totp } from "./totp.ts";

/** What checking a code needs. */
export interface VerifyFactorDeps {
  readonly totp: Pick<Totp, "verify">;
  readonly recoveryCodes: Pick<RecoveryCodes, "find">;
  /** Opens the secrets of factors, which are sealed with their owner as context. */
  readonly factorSeals: Pick<Seals, "open">;
  readonly now: () => EpochMs;
}

/** A code that was right: how it counts, and what has to be used up with it. */
export interface VerifiedFactor {
  readonly method: UsedMethod;
  readonly proofs: readonly Proof[];
}

/** A code as it was typed, and for which factor. */
export interface CodeAttempt {
  readonly code: SecondFactorCode;
  readonly factorId?: string | undefined;
}

/** What a factor's secret is tied to, so that it opens for its owner alone. */
export function factorOwner(account: Pick<Account, "user">): string {
  return `${account.user.tenantId}#${account.user.userId}`;
}

/** Finds what a code is right for among the factors that the tenant allows; `undefined` where it is for none. */
export async function verifyFactor(
  deps: VerifyFactorDeps,
  account: Account,
  { code, factorId }: CodeAttempt,
): Promise<VerifiedFactor | undefined> {
  if (code.kind === "recovery") {
    const index = deps.recoveryCodes.find(account.user.userId, code.recoveryCode, account.recoveryCodes);
    if (index === undefined) return undefined;
    return { method: { type: "recovery_code" }, proofs: [{ kind: "recovery", index }] };
  }
  for (const factor of candidates(account, factorId)) {
    if (factor.type !== "totp") continue;
    const step = await matchingStep(deps, account, { factor, digits: code.digits });
    if (step === undefined) continue;
    return { method: { type: "totp" }, proofs: [{ kind: "totp", factorId: factor.factorId, step }] };
  }
  return undefined;
}

function candidates(account: Account, factorId: string | undefined): readonly Factor[] {
  const usable = usableFactors(account.factors, account.tenant.policy.allowedFactors);
  return factorId === undefined ? usable : usable.filter((factor) => factor.factorId === factorId);
}

async function matchingStep(
  deps: VerifyFactorDeps,
  account: Account,
  { factor, digits }: { readonly factor: TotpFactor; readonly digits: string },
): Promise<number | undefined> {
  const secret = await deps.factorSeals.open("factor-secret", factor.sealedSecret, {
    context: factorOwner(account),
  });
  if (typeof secret !== "string") throw new Error("A factor's secret cannot be opened.");
  return deps.totp.verify({ secret, code: digits, nowMs: deps.now(), lastUsedStep: factor.lastUsedStep });
}
