import { invalidField } from "../errors.ts";
import type { FactorType } from "../session/policy.ts";
import type { EpochMs } from "../time.ts";
import type { PasskeyCredential } from "./passkey.ts";

interface FactorBase {
  /** `fac_…` */
  readonly factorId: string;
  /** What the user calls it, 1 to 64 characters. */
  readonly label: string;
  readonly createdAtMs: EpochMs;
  /** Absent until the user has shown that it works. An unverified factor protects nothing and lets nobody in. */
  readonly verifiedAtMs?: EpochMs;
}

/** An authenticator app. */
export interface TotpFactor extends FactorBase {
  readonly type: "totp";
  /** The base32 secret, sealed for `factor-secret` with the owner as context. */
  readonly sealedSecret: string;
  /** The time step of the last code taken: only a greater one is taken after it (RFC 6238 section 5.2). */
  readonly lastUsedStep?: number;
}

/** A phone that receives codes. */
export interface SmsFactor extends FactorBase {
  readonly type: "sms";
  /** E.164. */
  readonly phone: string;
}

/** A WebAuthn credential. */
export interface PasskeyFactor extends FactorBase {
  readonly type: "passkey";
  /** Base64url; what the registration has to answer. */
  readonly challenge?: string;
  /** Absent until the registration came back. */
  readonly credential?: PasskeyCredential;
}

/** A second factor of one user. */
export type Factor = TotpFactor | SmsFactor | PasskeyFactor;

/** A factor as its owner, or somebody who knows the password, may see it. */
export interface FactorSummary {
  readonly id: string;
  readonly type: FactorType;
  readonly label: string;
}

/** How long an enrolment waits for the proof that the factor works. */
export const ENROLMENT_LIFETIME_MS: EpochMs = 900_000;

/** How many factors a user has at most, those waiting for their proof included. */
export const FACTORS_MAX = 10;

/** The enrolments that have not been given up yet, and all verified factors. */
export function presentFactors(factors: readonly Factor[], nowMs: EpochMs): readonly Factor[] {
  return factors.filter(
    ({ verifiedAtMs, createdAtMs }) =>
      verifiedAtMs !== undefined || nowMs < createdAtMs + ENROLMENT_LIFETIME_MS,
  );
}

/** The types of the verified factors, each once: what is kept on the user's row. */
export function factorTypesOf(factors: readonly Factor[]): readonly FactorType[] {
  const verified = factors.filter(({ verifiedAtMs }) => verifiedAtMs !== undefined);
  return [...new Set(verified.map(({ type }) => type))].sort();
}

/** The factors that can be used to sign in: verified, and of a type that the tenant allows. */
export function usableFactors(
  factors: readonly Factor[],
  allowedFactors: readonly FactorType[],
): readonly Factor[] {
  return factors.filter(
    (factor) => factor.verifiedAtMs !== undefined && allowedFactors.includes(factor.type),
  );
}

/** Whether the user has any factor to be asked for. */
export function hasUsableFactor(factors: readonly Factor[], allowedFactors: readonly FactorType[]): boolean {
  return usableFactors(factors, allowedFactors).length > 0;
}

/** What is told of a factor before its owner is known for sure: no number, no key. */
export function summarise(factor: Factor): FactorSummary {
  return { id: factor.factorId, type: factor.type, label: factor.label };
}

/**
 * Holds a phone number to E.164: `+`, then 7 to 15 digits without a leading zero.
 * @throws AppError `request.invalid` at `pointer`
 */
export function parsePhone(text: string, pointer: string): string {
  if (!/^\+[1-9][0-9]{6,14}$/.test(text)) {
    throw invalidField(pointer, "must be an E.164 phone number, such as +4915112345678");
  }
  return text;
}

/** A phone number that its owner knows again and nobody else learns: the last two digits. */
export function maskPhone(phone: string): string {
  return `${"•".repeat(phone.length - 3)}${phone.slice(-2)}`;
}
