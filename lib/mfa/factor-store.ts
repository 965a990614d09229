import type { Trail } from "../activity/trail.ts";
import type { Login } from "../identity/account-store.ts";
import type { User } from "../identity/user.ts";
import type { FactorType } from "../session/policy.ts";
import type { Proof, ProofRefusal } from "../session/session-store.ts";
import type { EpochMs } from "../time.ts";
import type { Factor } from "./factor.ts";
import type { StoredRecoveryCode } from "./recovery-code.ts";

/** A change of a user's factors, which is a change of the user's row as well. */
interface FactorChange {
  /** As it was read. */
  readonly user: User;
  /** The types of the verified factors from now on. */
  readonly factorTypes: readonly FactorType[];
  readonly atMs: EpochMs;
}

/** A factor that was shown to work. */
export interface FactorVerified extends FactorChange {
  /** As it is from now on, verified. */
  readonly factor: Factor;
  /** With the first factor: what stands in for it when it is lost. */
  readonly recoveryCodes?: readonly StoredRecoveryCode[];
}

/** A factor that is taken away; the last verified one takes the recovery codes along. */
export interface FactorRemoved extends FactorChange {
  readonly factor: Factor;
}

/** The factors of people. The types on the user's row are kept in step in the same transaction. */
export interface FactorStore {
  /** Adds a factor that still has to be verified; the table forgets one that never is. */
  add(owner: Login, factor: Factor, trail: Trail): Promise<void>;
  /** `moved` where the user or the factor changed since they were read. */
  verify(
    verified: FactorVerified,
    proofs: readonly Proof[],
    trail: Trail,
  ): Promise<"done" | "moved" | ProofRefusal>;
  remove(removed: FactorRemoved, trail: Trail): Promise<"done" | "moved">;
  /** Voids all recovery codes and keeps new ones. */
  replaceRecoveryCodes(owner: Login, codes: readonly StoredRecoveryCode[], trail: Trail): Promise<void>;
}
