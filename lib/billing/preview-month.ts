import { ATTO_PER_UNIT, formatDecimal, greatestOf, roundTo } from "../decimal.ts";
import { AppError } from "../errors.ts";
import { type EpochMs, monthOf, monthSpan } from "../time.ts";
import type { Period } from "../usage/usage.ts";
import type { CardStore } from "./card-store.ts";
import { minorUnitOf } from "./currency.ts";
import type { InvoiceContent } from "./invoice.ts";
import { readMoney } from "./money.ts";
import type { RateCard } from "./rate-card.ts";
import { type RateTenantDeps, rateTenant } from "./rate-tenant.ts";
import { splitByCard } from "./split-by-card.ts";

/** What a preview needs. */
export interface PreviewMonthDeps extends RateTenantDeps {
  readonly cards: Pick<CardStore, "all">;
  readonly now: () => EpochMs;
}

/** The month so far, and what the whole of it will cost at this rate. */
export interface MonthPreview extends InvoiceContent {
  readonly forecast: { readonly total: string; readonly method: "run_rate" };
}

/**
 * Rates the present month up to this moment and goes on from there at the same rate.
 * @throws AppError `unprocessable` where no rate card is in force yet
 */
export async function previewMonth(deps: PreviewMonthDeps, tenantId: string): Promise<MonthPreview> {
  const nowMs = deps.now();
  const month = monthSpan(monthOf(nowMs));
  if (month === undefined) throw new Error("There is no month now.");
  const cards = await deps.cards.all();
  const soFar = { startAtMs: month.startAtMs, endAtMs: Math.max(nowMs, month.startAtMs + 1) };
  const content = await rateTenant(deps, { tenantId, period: soFar, cards });
  if (content === undefined) throw new AppError("unprocessable", "No rate card is in force this month.");
  const card = splitByCard(soFar, cards).at(-1)?.card;
  return {
    ...content,
    forecast: { total: forecastTotal(content, { soFar, month, card }), method: "run_rate" },
  };
}

interface Outlook {
  readonly soFar: Period;
  readonly month: Period;
  readonly card: RateCard | undefined;
}

/** A minimum charge is met by the whole month: it is no rate to go on at. */
function forecastTotal(content: InvoiceContent, { soFar, month, card }: Outlook): string {
  const { currency } = content;
  const decimals = minorUnitOf(currency);
  const used = content.lines
    .filter(({ meter }) => meter !== "minimum")
    .reduce((sum, { amount }) => sum + readMoney(amount, currency), 0n);
  const passed = BigInt(soFar.endAtMs - soFar.startAtMs);
  const whole = BigInt(month.endAtMs - month.startAtMs);
  const subtotal = roundTo({ over: used * whole, under: passed }, 0);
  const least = roundTo({ over: card?.minimumCharge ?? 0n, under: ATTO_PER_UNIT }, decimals);
  const billed = greatestOf([subtotal, least]);
  const tax = roundTo({ over: billed * (card?.taxRate ?? 0n), under: ATTO_PER_UNIT }, 0);
  return formatDecimal(billed + tax, decimals);
}
