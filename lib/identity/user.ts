import type { FactorType } from "../session/policy.ts";
import type { EpochMs } from "../time.ts";

/** A person of one tenant. Passwords and factors are rows of their own, so that reading a user never loads a secret. */
export interface User {
  readonly tenantId: string;
  readonly userId: string;
  /** Normalised, see `normaliseEmail`; unique in the whole deployment. */
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  /** `invited` until the first password is set. */
  readonly status: "invited" | "active";
  /** The verified second factors' types, for deciding between step-up and enrolment without reading them. */
  readonly factorTypes: readonly FactorType[];
  /** Counts the changes to this row; its `ETag`. */
  readonly version: number;
  readonly createdAtMs: EpochMs;
  readonly updatedAtMs: EpochMs;
}

/** Whether this is an owner who can sign in: the tenant is to have one at any time. */
export function isActingOwner({ roles, disabled, status }: User): boolean {
  return roles.includes("owner") && !disabled && status === "active";
}

/** What of a user goes on record when it changes. */
export function recordedUser({ email, name, roles, disabled, status }: User) {
  return { email, name, roles, disabled, status };
}

const EMAIL =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/**
 * Brings an address to the one form that it is stored and found by: NFKC, lower case, ASCII only, at most 254
 * characters (RFC 5321). `undefined` for what is not such an address: look-alikes outside ASCII are refused
 * rather than folded, so that no second account can pass for the first.
 */
export function normaliseEmail(address: string): string | undefined {
  // The check comes before the folding: the Kelvin sign would otherwise become an ordinary k.
  if (!/^[\x21-\x7e]{3,254}$/.test(address)) return undefined;
  const lower = address.toLowerCase();
  return EMAIL.test(lower) ? lower : undefined;
}
