import { ATTO_DECIMALS, ATTO_PER_UNIT } from "../decimal.ts";
import { type EpochMs, monthOf, monthSpan, toRfc3339 } from "../time.ts";
import type { Period } from "../usage/usage.ts";
import { amountOf, type Budget, type BudgetStore, showThreshold } from "./budget.ts";
import type { CostAlerts } from "./cost-alert.ts";
import { minorUnitOf } from "./currency.ts";
import { readMoney } from "./money.ts";
import type { RateCard } from "./rate-card.ts";
import { type RateTenantDeps, rateTenant } from "./rate-tenant.ts";
import { splitByCard } from "./split-by-card.ts";
import { pricesOf, type TenantPricesDeps } from "./tenant-prices.ts";

/** What watching a budget needs. */
export interface CheckBudgetDeps extends RateTenantDeps, TenantPricesDeps {
  readonly budgets: Pick<BudgetStore, "get">;
  readonly costAlerts: CostAlerts;
  readonly now: () => EpochMs;
}

const DAY_MS: EpochMs = 86_400_000;

/** A day is compared with so many before it. */
const DAYS_BEFORE = 7;

/** So many times the average of the days before is a spike. */
const SPIKE_FACTOR = 3n;

/** A day that costs less than a 20th of the budget is no spike, however quiet the days before were. */
const SPIKE_SHARE = 20n;

/**
 * Raises an alert for each threshold of the budget that this month's total so far, tax included, has reached, once a
 * month; and one when the last 24 hours cost far more than those before, once a day.
 */
export async function checkBudget(deps: CheckBudgetDeps, tenantId: string): Promise<void> {
  const budget = await deps.budgets.get(tenantId);
  if (budget === undefined) return;
  const watch = { tenantId, budget, nowMs: deps.now(), cards: (await pricesOf(deps, tenantId)).cards };
  await checkThresholds(deps, watch);
  await checkSpike(deps, watch);
}

interface Watch {
  readonly tenantId: string;
  readonly budget: Budget;
  readonly nowMs: EpochMs;
  readonly cards: readonly RateCard[];
}

async function checkThresholds(deps: CheckBudgetDeps, watch: Watch): Promise<void> {
  const { tenantId, budget, nowMs, cards } = watch;
  const month = monthOf(nowMs);
  const startAtMs = monthSpan(month)?.startAtMs ?? nowMs;
  const content = await rateTenant(deps, { tenantId, period: { startAtMs, endAtMs: nowMs }, cards });
  if (content === undefined) return;
  const { total, currency } = content;
  for (const threshold of budget.thresholds) {
    if (inAtto(total, currency) * ATTO_PER_UNIT < amountOf(budget) * threshold) continue;
    const share = showThreshold(threshold);
    await deps.costAlerts.raiseOnce({
      tenantId,
      rule: "budget.threshold",
      occasion: `${month} ${share}`,
      severity: threshold < ATTO_PER_UNIT ? "medium" : "high",
      timeMs: nowMs,
      summary:
        `${month} has cost ${total} ${currency} so far: ` +
        `${share} of the budget of ${budget.amount} ${currency} is reached.`,
      facts: { month, total, currency, budget: budget.amount, threshold: share },
    });
  }
}

async function checkSpike(deps: CheckBudgetDeps, watch: Watch): Promise<void> {
  const { tenantId, budget, nowMs } = watch;
  const dayAgoMs = nowMs - DAY_MS;
  const day = await costOf(deps, watch, { startAtMs: dayAgoMs, endAtMs: nowMs });
  if (day === undefined || day.cost * SPIKE_SHARE < amountOf(budget)) return;
  const before = await costOf(deps, watch, {
    startAtMs: dayAgoMs - DAYS_BEFORE * DAY_MS,
    endAtMs: dayAgoMs,
  });
  if (before === undefined || before.currency !== day.currency || before.cost === 0n) return;
  if (day.cost * BigInt(DAYS_BEFORE) < before.cost * SPIKE_FACTOR) return;
  const { shown, currency } = day;
  await deps.costAlerts.raiseOnce({
    tenantId,
    rule: "cost.spike",
    occasion: toRfc3339(nowMs).slice(0, 10),
    severity: "medium",
    timeMs: nowMs,
    summary:
      `The last 24 hours cost ${shown} ${currency}; ` +
      `the ${DAYS_BEFORE} days before cost ${before.shown} ${currency} together.`,
    facts: { lastDay: shown, daysBefore: before.shown, currency },
  });
}

/** What was used in a few days, at its price without allowances and minimum: those are of a whole month. */
async function costOf(deps: CheckBudgetDeps, { tenantId, cards }: Watch, period: Period) {
  const plain = cards.map((card) => ({
    ...card,
    minimumCharge: 0n,
    meters: card.meters.map((price) => ({ ...price, freeAllowance: 0n })),
  }));
  const currencies = new Set(splitByCard(period, plain).map(({ card }) => card.currency));
  if (currencies.size !== 1) return undefined;
  const content = await rateTenant(deps, { tenantId, period, cards: plain });
  if (content === undefined) return undefined;
  const { subtotal, currency } = content;
  return { cost: inAtto(subtotal, currency), shown: subtotal, currency };
}

function inAtto(amount: string, currency: string): bigint {
  return readMoney(amount, currency) * 10n ** BigInt(ATTO_DECIMALS - minorUnitOf(currency));
}
