import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Budget, BudgetStore } from "./budget.ts";

/** What setting a budget needs. */
export interface SetBudgetDeps {
  readonly budgets: Pick<BudgetStore, "get" | "replace">;
}

/** A tenant's budget as it is to be. */
export interface SetBudget extends Pick<Budget, "amount" | "thresholds"> {
  readonly tenantId: string;
  /** The version that the client has seen. */
  readonly expectedVersion: number | undefined;
}

/** Puts a budget in the place of the tenant's, if it has one. @throws AppError `precondition.failed`, `conflict` */
export async function setBudget(
  deps: SetBudgetDeps,
  { tenantId, amount, thresholds, expectedVersion }: SetBudget,
  trail: Trail,
): Promise<Budget> {
  const before = await deps.budgets.get(tenantId);
  if (expectedVersion !== undefined && expectedVersion !== before?.version) {
    throw new AppError("precondition.failed", "The budget has changed since you read it: read it again.");
  }
  const after = { amount, thresholds, version: (before?.version ?? 0) + 1 };
  if ((await deps.budgets.replace({ tenantId, before, after }, trail)) === "done") return after;
  throw new AppError("conflict", "Somebody else has changed the budget at the same moment: read it again.");
}
