import type { EpochMs } from "../time.ts";
import type { BudgetStore } from "./budget.ts";
import type { ChoreList } from "./chore.ts";

/** What handing out the budgets to look at needs. */
export interface HandOutBudgetsDeps {
  readonly budgets: Pick<BudgetStore, "tenantIds">;
  readonly chores: ChoreList;
}

/** What the hourly schedule does: every budget is to be looked at. */
export async function handOutBudgets({ budgets, chores }: HandOutBudgetsDeps, nowMs: EpochMs): Promise<void> {
  for await (const tenantIds of budgets.tenantIds()) {
    await chores.add(
      tenantIds.map((tenantId) => ({ is: "budget", tenantId })),
      nowMs,
    );
  }
}
