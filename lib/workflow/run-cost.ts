import type { InvoiceContent, InvoiceLine, SessionCharge } from "../billing/invoice.ts";
import { formatDecimal, readDecimal, sumOf } from "../decimal.ts";
import { type EpochMs, monthSpan, monthsIn } from "../time.ts";
import type { Period } from "../usage/usage.ts";

/** What a run's cost is told from. */
export interface RunCostDeps {
  /** What a tenant's usage in a period costs; `undefined` where no rate card was in force. */
  readonly rate: (tenantId: string, period: Period) => Promise<InvoiceContent | undefined>;
  /** The decimal places of a currency's minor unit. */
  readonly minorUnitOf: (currency: string) => number;
  readonly now: () => EpochMs;
}

/** A run's sessions, and the time that they lived in. */
export interface RunSpan extends Period {
  readonly tenantId: string;
  readonly sessionIds: ReadonlySet<string>;
}

/** What a run's sessions used of one meter in a month. */
export interface RunCostLine {
  readonly meter: string;
  readonly quantity: string;
  readonly unit: string;
  readonly amount: string;
}

/** The run's part of what a month costs its tenant: amounts are the sessions' own on the month's lines. */
export interface RunCost {
  /** Such as `2026-10`. */
  readonly month: string;
  readonly currency: string;
  readonly amount: string;
  readonly lines: readonly RunCostLine[];
}

/** Decimal places of quantities (contract section 11). */
const QUANTITY_DECIMALS = 9;

/**
 * Tells what a run costs, month by month, before taxes and minimums, which belong to no session. In a month that is not
 * over this is as of now: tiers and allowances are the tenant's, and shares of them move with all that it uses.
 */
export async function costOfRun(deps: RunCostDeps, run: RunSpan): Promise<readonly RunCost[]> {
  const costs: RunCost[] = [];
  // Its last instant belongs to it, and times are whole milliseconds.
  for (const month of monthsIn({ startAtMs: run.startAtMs, endAtMs: run.endAtMs + 1 })) {
    const span = monthSpan(month);
    if (span === undefined) continue;
    const endAtMs = Math.max(Math.min(span.endAtMs, deps.now()), span.startAtMs + 1);
    const content = await deps.rate(run.tenantId, { startAtMs: span.startAtMs, endAtMs });
    const cost = content && costIn(content, run.sessionIds, deps.minorUnitOf(content.currency));
    if (cost !== undefined && cost.lines.length > 0) costs.push({ month, ...cost });
  }
  return costs;
}

function costIn(
  { currency, lines }: InvoiceContent,
  sessionIds: ReadonlySet<string>,
  decimals: number,
): Omit<RunCost, "month"> {
  const ofRun = lines.flatMap((line) => {
    const charges = line.sessions.filter(({ sessionId }) => sessionIds.has(sessionId));
    return charges.length === 0 ? [] : [lineOf(line, charges, decimals)];
  });
  return { currency, amount: added(ofRun, "amount", decimals), lines: ofRun };
}

function lineOf(
  { meter, unit }: InvoiceLine,
  charges: readonly SessionCharge[],
  decimals: number,
): RunCostLine {
  return {
    ...{ meter, unit },
    quantity: added(charges, "quantity", QUANTITY_DECIMALS),
    amount: added(charges, "amount", decimals),
  };
}

function added(
  parts: readonly { readonly quantity: string; readonly amount: string }[],
  member: "quantity" | "amount",
  decimals: number,
): string {
  const units = parts.map((part) => readDecimal(part[member], decimals));
  return formatDecimal(sumOf(units), decimals);
}
