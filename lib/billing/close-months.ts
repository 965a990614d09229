import type { TenantStore } from "../identity/tenant-store.ts";
import { type EpochMs, monthOf, monthSpan } from "../time.ts";
import type { LateChanges } from "../usage/usage-source.ts";
import { type ClosedMonth, type CloseMonthDeps, closeMonth } from "./close-month.ts";

/** What going through all tenants needs. */
export interface CloseMonthsDeps extends CloseMonthDeps {
  readonly tenants: Pick<TenantStore, "list">;
  readonly lateChanges: LateChanges;
  /** Hears of a tenant whose month could not be closed; the others go on. */
  readonly onFailed: (failure: { readonly tenantId: string; readonly month: string }, cause: unknown) => void;
}

/** What one run did. */
export interface ClosedMonths {
  readonly closed: number;
  readonly failed: number;
}

/** Tenants whose months are closed side by side. */
const AT_ONCE = 5;

/**
 * What the schedule does: every tenant's past month goes as far as it can, and every month that was over when its
 * usage changed is rated again. Each tenant stands by itself: one that fails holds up no other.
 */
export async function closeMonths(deps: CloseMonthsDeps, nowMs: EpochMs): Promise<ClosedMonths> {
  const month = pastMonth(nowMs);
  const results: boolean[] = [];
  for await (const tenantIds of pagesOfTenants(deps)) {
    results.push(...(await inTurns(tenantIds, (tenantId) => tryToClose(deps, tenantId, month))));
  }
  const late = await deps.lateChanges.all();
  results.push(
    ...(await inTurns(late, async (change) => {
      const done = await tryToClose(deps, change.tenantId, change.month);
      if (done) await deps.lateChanges.dealtWith(change);
      return done;
    })),
  );
  const failed = results.filter((done) => !done).length;
  return { closed: results.length - failed, failed };
}

/** The tenants' ids, page by page. */
export async function* pagesOfTenants({
  tenants,
}: Pick<CloseMonthsDeps, "tenants">): AsyncGenerator<readonly string[]> {
  let afterId: string | undefined;
  do {
    const page = await tenants.list({ limit: 200, afterId });
    yield page.tenants.map(({ tenantId }) => tenantId);
    afterId = page.nextAfterId;
  } while (afterId !== undefined);
}

/** Closes one tenant's month. @throws Error for what is no month */
export async function closeMonthOf(
  deps: CloseMonthDeps,
  tenantId: string,
  month: string,
): Promise<ClosedMonth> {
  const period = monthSpan(month);
  if (period === undefined) throw new Error(`${month} is not a month.`);
  return await closeMonth(deps, { tenantId, month, period });
}

async function tryToClose(deps: CloseMonthsDeps, tenantId: string, month: string): Promise<boolean> {
  try {
    await closeMonthOf(deps, tenantId, month);
    return true;
  } catch (cause) {
    deps.onFailed({ tenantId, month }, cause);
    return false;
  }
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<boolean>): Promise<boolean[]> {
  const results: boolean[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}

/** The month before the one that a time lies in. */
function pastMonth(nowMs: EpochMs): string {
  const present = monthSpan(monthOf(nowMs));
  if (present === undefined) throw new Error("There is no month now.");
  return monthOf(present.startAtMs - 1);
}
