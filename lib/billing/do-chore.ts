import { assertNever } from "../errors.ts";
import { monthSpan } from "../time.ts";
import type { LateChanges } from "../usage/usage-source.ts";
import { type CheckBudgetDeps, checkBudget } from "./check-budget.ts";
import type { Chore } from "./chore.ts";
import { type CloseMonthDeps, closeMonth } from "./close-month.ts";

/** What doing chores needs. */
export interface DoChoreDeps extends CloseMonthDeps, CheckBudgetDeps {
  readonly lateChanges: Pick<LateChanges, "dealtWith">;
}

/** Does one chore. Doing it again, late or twice at once changes nothing. */
export async function doChore(deps: DoChoreDeps, chore: Chore): Promise<void> {
  switch (chore.is) {
    case "close":
      return await close(deps, chore);
    case "budget":
      return await checkBudget(deps, chore.tenantId);
    default:
      assertNever(chore);
  }
}

/** The late change was read before the month is rated here: what changes meanwhile is another one. */
async function close(deps: DoChoreDeps, chore: Extract<Chore, { is: "close" }>): Promise<void> {
  const { tenantId, month, lateToken } = chore;
  const period = monthSpan(month);
  if (period === undefined) throw new Error(`${month} is not a month.`);
  await closeMonth(deps, { tenantId, month, period });
  if (lateToken !== undefined) await deps.lateChanges.dealtWith({ tenantId, month, token: lateToken });
}
