import type { Trail } from "../activity/trail.ts";
import type { Login } from "../identity/account-store.ts";
import type { Proof, ProofRefusal } from "./session-store.ts";

/** A password that takes the place of another. */
export interface PasswordReplaced {
  readonly owner: Login;
  /** The hash as it was read. */
  readonly before: string;
  readonly after: string;
  readonly proofs: readonly Proof[];
}

/** The passwords of people, as hashes. */
export interface PasswordStore {
  /** `moved` where the password was changed by somebody else since it was read. */
  replace(replaced: PasswordReplaced, trail: Trail): Promise<"done" | "moved" | ProofRefusal>;
}
