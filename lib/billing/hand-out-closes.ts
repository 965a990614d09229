import type { Tenant } from "../identity/tenant.ts";
import type { TenantStore } from "../identity/tenant-store.ts";
import { type EpochMs, monthOf, monthSpan } from "../time.ts";
import type { LateChange, LateChanges } from "../usage/usage-source.ts";
import type { Chore, ChoreList } from "./chore.ts";
import type { InvoiceStore } from "./invoice-store.ts";

/** Remembers up to which month every tenant's billing is final, so that it need not be looked at again. */
export interface ClosedMonths {
  /** The last month of which all are final; `undefined` before the first. */
  through(): Promise<string | undefined>;
  settle(month: string): Promise<void>;
}

/** What handing out the months to close needs. */
export interface HandOutClosesDeps {
  readonly tenants: Pick<TenantStore, "list">;
  readonly invoices: Pick<InvoiceStore, "finalOf">;
  readonly lateChanges: Pick<LateChanges, "all">;
  readonly closedMonths: ClosedMonths;
  readonly chores: ChoreList;
  /** As in `CloseMonthDeps`. */
  readonly graceMs: number;
}

/**
 * What the hourly schedule does: every month that is over and not final, of every tenant, is to be closed as far as it
 * can be, and every month whose usage has changed after it was over is to be rated again. A run that was missed, or a
 * month of them, is made up for by the next one.
 * @returns how many chores were handed out
 */
export async function handOutCloses(deps: HandOutClosesDeps, nowMs: EpochMs): Promise<number> {
  const changes = await deps.lateChanges.all();
  const late = new Map(changes.map((change) => [keyOf(change), change]));
  const past = monthBefore(monthOf(nowMs));
  let count = 0;
  let isClosedSoFar = true;
  for (const month of monthsAfter(await closedThrough(deps, past), past)) {
    const due = await handOutMonth(deps, { month, late, nowMs });
    isClosedSoFar &&= due === 0 && nowMs >= spanOf(month).endAtMs + deps.graceMs;
    if (isClosedSoFar) await deps.closedMonths.settle(month);
    count += due;
  }
  const others = [...late.values()].map(closing);
  await deps.chores.add(others, nowMs);
  return count + others.length;
}

/** Goes through the tenants, page by page. The platform's own is none of them. */
export async function* pagesOfTenants({
  tenants,
}: Pick<HandOutClosesDeps, "tenants">): AsyncGenerator<readonly Tenant[]> {
  let afterId: string | undefined;
  do {
    const page = await tenants.list({ limit: 200, ...(afterId === undefined ? {} : { afterId }) });
    yield page.tenants;
    afterId = page.nextAfterId;
  } while (afterId !== undefined);
}

/** Before there was such a tenant nothing was used; where a history is imported, that is a late change. */
function wasThere({ createdAtMs }: Tenant, month: string): boolean {
  return createdAtMs < spanOf(month).endAtMs;
}

/**
 * The first run of all says where billing began: with the month before the last, or with the first tenant where that run
 * comes later than it should. Nothing is forgotten from then on.
 */
async function closedThrough(deps: HandOutClosesDeps, past: string): Promise<string> {
  const through = await deps.closedMonths.through();
  if (through !== undefined) return through;
  let beginning = monthBefore(past);
  for await (const tenants of pagesOfTenants(deps)) {
    for (const { createdAtMs } of tenants) {
      const before = monthBefore(monthOf(createdAtMs));
      if (before < beginning) beginning = before;
    }
  }
  await deps.closedMonths.settle(beginning);
  return beginning;
}

async function handOutMonth(
  deps: HandOutClosesDeps,
  of: { readonly month: string; readonly late: Map<string, LateChange>; readonly nowMs: EpochMs },
): Promise<number> {
  const { month, late, nowMs } = of;
  let count = 0;
  for await (const tenants of pagesOfTenants(deps)) {
    const there = tenants.filter((tenant) => wasThere(tenant, month)).map(({ tenantId }) => tenantId);
    const final = await deps.invoices.finalOf(there, month);
    const due = there
      .filter((tenantId) => !final.has(tenantId))
      .map((tenantId) => late.get(keyOf({ tenantId, month })) ?? { tenantId, month });
    for (const one of due) late.delete(keyOf(one));
    await deps.chores.add(due.map(closing), nowMs);
    count += due.length;
  }
  return count;
}

function closing({ tenantId, month, token }: Omit<LateChange, "token"> & Partial<LateChange>): Chore {
  return { is: "close", tenantId, month, ...(token === undefined ? {} : { lateToken: token }) };
}

function keyOf({ tenantId, month }: Pick<LateChange, "tenantId" | "month">): string {
  return `${tenantId} ${month}`;
}

/** The months after one up to and with another. */
function monthsAfter(after: string, last: string): readonly string[] {
  const months: string[] = [];
  for (let month = monthAfter(after); month <= last; month = monthAfter(month)) months.push(month);
  return months;
}

function monthAfter(month: string): string {
  return monthOf(spanOf(month).endAtMs);
}

function monthBefore(month: string): string {
  return monthOf(spanOf(month).startAtMs - 1);
}

function spanOf(month: string) {
  const span = monthSpan(month);
  if (span === undefined) throw new Error(`${month} is not a month.`);
  return span;
}
