import { notFound } from "../errors.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { TenantStore } from "../identity/tenant-store.ts";
import { type EpochMs, monthSpan } from "../time.ts";
import type { ChoreList } from "./chore.ts";
import { type ClosedMonth, type CloseMonth, type CloseMonthDeps, closeMonth } from "./close-month.ts";
import { pagesOfTenants } from "./hand-out-closes.ts";

/** What billing months at the operator's word needs. */
export interface RunBillingDeps extends CloseMonthDeps {
  readonly tenants: Pick<TenantStore, "get" | "list">;
  readonly chores: ChoreList;
  /** Hears of a tenant whose month could not be closed; the others go on. */
  readonly onFailed: (failure: { readonly tenantId: string; readonly month: string }, cause: unknown) => void;
}

/** How one tenant's month stands after the run. */
export interface BillingRun extends Omit<ClosedMonth, "status"> {
  readonly tenantId: string;
  readonly status: ClosedMonth["status"] | "failed";
}

/** What a run did, and how many tenants it left to be done in the background. */
export interface BillingRuns {
  readonly runs: readonly BillingRun[];
  readonly queued: number;
}

/** Tenants whose months are closed side by side. */
const AT_ONCE = 5;

/** A request has 15 seconds: what has not been begun by then is done by itself, as the schedule would. */
const RUN_MS: EpochMs = 8000;

/**
 * Closes a month as far as it can be by now: of one tenant, or of all that there were in it.
 * @throws AppError `not_found` for a tenant that is none, `unavailable`
 */
export async function runBilling(
  deps: RunBillingDeps,
  { month, tenantId }: { readonly month: string; readonly tenantId?: string | undefined },
): Promise<BillingRuns> {
  const period = monthSpan(month);
  if (period === undefined) throw new Error(`${month} is not a month.`);
  if (tenantId === undefined) return await runAll(deps, { month, period });
  if ((await deps.tenants.get(tenantId)) === undefined) throw notFound();
  return { runs: [{ tenantId, ...(await closeMonth(deps, { tenantId, month, period })) }], queued: 0 };
}

type Month = Pick<CloseMonth, "month" | "period">;

async function runAll(deps: RunBillingDeps, of: Month): Promise<BillingRuns> {
  const untilMs = deps.now() + RUN_MS;
  const runs: BillingRun[] = [];
  let queued = 0;
  for await (const page of pagesOfTenants(deps)) {
    let next = 0;
    for (; next < page.length && deps.now() < untilMs; next += AT_ONCE) {
      const together = page.slice(next, next + AT_ONCE);
      runs.push(...(await Promise.all(together.map((tenant) => tryToClose(deps, tenant, of)))));
    }
    const left = page
      .slice(next)
      .map(({ tenantId }) => ({ is: "close", tenantId, month: of.month }) as const);
    await deps.chores.add(left, deps.now());
    queued += left.length;
  }
  return { runs, queued };
}

/** One tenant that fails holds up no other. */
async function tryToClose(deps: RunBillingDeps, tenant: Tenant, of: Month): Promise<BillingRun> {
  const { tenantId, createdAtMs } = tenant;
  try {
    return { tenantId, ...(await closeMonth(deps, { tenantId, tenantSinceMs: createdAtMs, ...of })) };
  } catch (cause) {
    deps.onFailed({ tenantId, month: of.month }, cause);
    return { tenantId, status: "failed" };
  }
}
