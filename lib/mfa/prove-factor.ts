import { AppError, invalidField, notFound } from "../errors.ts";
import type { Account } from "../identity/account-store.ts";
import type { UsedMethod } from "../session/authentication-methods.ts";
import type { Proof } from "../session/session-store.ts";
import { type Factor, factorTypesOf, type PasskeyFactor, presentFactors } from "./factor.ts";
import type { FactorVerified } from "./factor-store.ts";
import type { Passkeys } from "./passkey.ts";
import type { RecoveryCodes } from "./recovery-code.ts";
import type { SentCodes } from "./sms-code.ts";
import { type VerifyFactorDeps, verifyDigits } from "./verify-factor.ts";

/** What checking the proof of an enrolment needs. */
export interface ProveFactorDeps extends Omit<VerifyFactorDeps, "recoveryCodes"> {
  readonly passkeys: Pick<Passkeys, "verifyRegistration">;
  readonly recoveryCodes: Pick<RecoveryCodes, "generate">;
}

/** What an owner shows to prove that a factor works. */
export type Shown =
  | { readonly digits: string }
  /** The browser's `RegistrationResponseJSON`, unparsed. */
  | { readonly credential: unknown };

/** A factor waiting for its proof, and the proof. */
export interface ProveFactor {
  readonly account: Account;
  readonly factorId: string;
  readonly shown: Shown;
  readonly sentCodes: SentCodes;
}

/** What is to be written of a factor that works. */
export interface FactorProved {
  readonly verified: FactorVerified;
  readonly proofs: readonly Proof[];
  readonly method: UsedMethod;
  /** With the first factor: ten codes, to be shown once. */
  readonly recoveryCodes?: readonly string[];
}

/**
 * Checks the proof that a new factor works; `undefined` where it does not. Nothing is written.
 * @throws AppError `not_found`, `conflict` for a factor verified before, `request.invalid` for the wrong kind of proof
 */
export async function proveFactor(
  deps: ProveFactorDeps,
  input: ProveFactor,
): Promise<FactorProved | undefined> {
  const { account, factorId } = input;
  const nowMs = deps.now();
  const factor = presentFactors(account.factors, nowMs).find((candidate) => candidate.factorId === factorId);
  if (factor === undefined) throw notFound();
  if (factor.verifiedAtMs !== undefined) throw new AppError("conflict", "The factor was verified before.");
  const working = await workingFactor(deps, factor, input);
  if (working === undefined) return undefined;
  const { userId } = account.user;
  const codes = factorTypesOf(account.factors).length === 0 ? deps.recoveryCodes.generate(userId) : undefined;
  const verified: FactorVerified = {
    user: account.user,
    factor: { ...working.factor, verifiedAtMs: nowMs },
    factorTypes: factorTypesOf([...account.factors, { ...factor, verifiedAtMs: nowMs }]),
    atMs: nowMs,
    ...(codes === undefined ? {} : { recoveryCodes: codes.stored }),
  };
  return {
    verified,
    proofs: working.proofs,
    method: working.method,
    ...(codes === undefined ? {} : { recoveryCodes: codes.shown }),
  };
}

interface Working {
  readonly factor: Factor;
  readonly proofs: readonly Proof[];
  readonly method: UsedMethod;
}

async function workingFactor(
  deps: ProveFactorDeps,
  factor: Factor,
  { account, shown, sentCodes }: ProveFactor,
): Promise<Working | undefined> {
  if (factor.type === "passkey") {
    if (!("credential" in shown)) throw invalidField("/credential", "is required for a passkey");
    return await registeredPasskey(deps, factor, shown.credential);
  }
  if (!("digits" in shown)) throw invalidField("/code", "is required for this factor");
  const { digits } = shown;
  const right = await verifyDigits(deps, factor, {
    digits,
    sentCodes,
    purpose: factor.factorId,
    owner: account.user,
  });
  if (right === undefined) return undefined;
  const [used] = right.proofs;
  // The factor is written as a whole: the step of its first code goes along, rather than in a write of its own.
  return factor.type === "totp" && used?.kind === "totp"
    ? { factor: { ...factor, lastUsedStep: used.step }, proofs: [], method: right.method }
    : { factor, ...right };
}

async function registeredPasskey(
  { passkeys }: Pick<ProveFactorDeps, "passkeys">,
  { challenge, ...factor }: PasskeyFactor,
  response: unknown,
): Promise<Working | undefined> {
  if (challenge === undefined) throw new Error("A passkey's enrolment has no challenge.");
  const credential = await passkeys.verifyRegistration(response, challenge);
  if (credential === undefined) return undefined;
  const method = { type: "passkey", deviceBound: credential.deviceBound, userVerified: false } as const;
  return { factor: { ...factor, credential }, proofs: [], method };
}
