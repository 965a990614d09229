import type { Trail } from "../activity/trail.ts";
import { AppError, notFound } from "../errors.ts";
import type { Account, Login } from "../identity/account-store.ts";
import type { EpochMs } from "../time.ts";
import { factorTypesOf, presentFactors } from "./factor.ts";
import type { FactorStore } from "./factor-store.ts";

/** What removing a factor needs. */
export interface RemoveFactorDeps {
  readonly signIns: { read(login: Login): Promise<{ readonly account: Account | undefined }> };
  readonly factors: Pick<FactorStore, "remove">;
  readonly now: () => EpochMs;
}

const ATTEMPTS = 3;

/**
 * Removes a factor of the caller's own; with the last one go the recovery codes, which stand in for it.
 * @throws AppError `not_found`, `conflict` where the user keeps changing meanwhile
 */
export async function removeFactor(
  deps: RemoveFactorDeps,
  { owner, factorId }: { readonly owner: Login; readonly factorId: string },
  trail: Trail,
): Promise<void> {
  trail.about({ type: "factor", id: factorId });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { account } = await deps.signIns.read(owner);
    const factors = account === undefined ? [] : presentFactors(account.factors, deps.now());
    const factor = factors.find((candidate) => candidate.factorId === factorId);
    if (account === undefined || factor === undefined) throw notFound();
    trail.note({ factorType: factor.type, verified: factor.verifiedAtMs !== undefined });
    const rest = factors.filter((candidate) => candidate !== factor);
    const removed = { user: account.user, factor, factorTypes: factorTypesOf(rest), atMs: deps.now() };
    if ((await deps.factors.remove(removed, trail)) === "done") return;
  }
  throw new AppError("conflict", "The user was changed at the same moment: try again.");
}
