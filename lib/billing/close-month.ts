import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { Period } from "../usage/usage.ts";
import { adjustInvoice } from "./adjust-invoice.ts";
import { applyCredits, type Payment } from "./apply-credits.ts";
import type { CreditStore } from "./credit-store.ts";
import { type InvoiceContent, isBillable } from "./invoice.ts";
import type { BilledMonth, InvoiceStore, InvoiceSummary, MonthDocument, MonthStep } from "./invoice-store.ts";
import { MINIMUM_LINE } from "./rate-card.ts";
import { type RateTenantDeps, rateParts, usedParts } from "./rate-tenant.ts";
import { pricesOf, type TenantPricesDeps } from "./tenant-prices.ts";

/** What closing a month needs. */
export interface CloseMonthDeps extends RateTenantDeps, TenantPricesDeps {
  readonly invoices: Pick<InvoiceStore, "month" | "take" | "get">;
  readonly credits: Pick<CreditStore, "all">;
  readonly now: () => EpochMs;
  readonly newId: (prefix: "inv", atMs: EpochMs) => string;
  /** How long after its end a month still waits for late events before its invoice is final. */
  readonly graceMs: number;
  readonly beginTrail: (of: {
    readonly tenantId: string;
    readonly action: string;
    readonly month: string;
  }) => Promise<Trail>;
}

/** One tenant's month. */
export interface CloseMonth {
  readonly tenantId: string;
  readonly month: string;
  readonly period: Period;
  /** When the tenant came, where that counts: a month before is closed only if something was used in it. */
  readonly tenantSinceMs?: EpochMs;
}

/** How the month stands after a run: its documents, and the one that this run made. */
export interface ClosedMonth {
  readonly status: BilledMonth["status"];
  readonly invoice?: InvoiceSummary;
}

const ATTEMPTS = 5;

/**
 * Brings the billing of one month as far as it can be by now: a draft until the grace is over, then the final
 * invoice, and after that an adjustment or credit note where the usage has changed. It may be killed anywhere,
 * repeated, or run many times at once: each step is one transaction on the month's row, and what a lost run had done is
 * found when the next one reads.
 * @throws AppError `unavailable` where other runs are ahead of it all the time
 */
export async function closeMonth(deps: CloseMonthDeps, input: CloseMonth): Promise<ClosedMonth> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await deps.invoices.month(input.tenantId, input.month);
    const step = await nextStep(deps, input, before);
    if (step === undefined) return { status: before.status };
    const trail = await deps.beginTrail({
      tenantId: input.tenantId,
      action: ACTIONS[step.status],
      month: input.month,
    });
    const taken = await deps.invoices.take(step, trail);
    if (taken === "none") return { status: step.status };
    if (taken !== "moved") return { status: step.status, invoice: taken };
  }
  throw new AppError("unavailable", "The month is being closed by another run: try again.");
}

const ACTIONS = { open: "invoice:withdraw", draft: "invoice:draft", final: "invoice:finalize" } as const;

async function nextStep(
  deps: CloseMonthDeps,
  input: CloseMonth,
  before: BilledMonth,
): Promise<MonthStep | undefined> {
  const { tenantId, period } = input;
  const nowMs = deps.now();
  const { cards, pricedBy } = await pricesOf(deps, tenantId, before.pricedBy);
  // A month that is not over is rated up to this very moment, which its lines name as their end.
  const soFar = { ...period, endAtMs: Math.min(period.endAtMs, nowMs) };
  const rated = rateParts(period, await usedParts(deps, { tenantId, period: soFar, cards }));
  if (before.status !== "final") {
    const content = rated !== undefined && isBillable(rated) ? rated : undefined;
    // A draft keeps its id until it is final, and as the final invoice.
    const id = before.invoiceIds[0] ?? deps.newId("inv", period.endAtMs);
    const document = content && ({ id, type: "regular", content } as const);
    if (nowMs < period.endAtMs + deps.graceMs) return openStep(before, document, nowMs);
    if (input.tenantSinceMs !== undefined && isBeforeItsTime(input.tenantSinceMs, rated, period))
      return undefined;
    return { before, nowMs, status: "final", pricedBy, document, payment: await pay(deps, input, document) };
  }
  const document = await lateDocument(deps, { before, rated, nowMs });
  if (document === undefined) return undefined;
  return { before, nowMs, status: "final", pricedBy, document, payment: await pay(deps, input, document) };
}

/** Nobody pays a minimum for a month that they were no tenant in. */
function isBeforeItsTime(sinceMs: EpochMs, rated: InvoiceContent | undefined, period: Period): boolean {
  const isUsed = rated?.lines.some(({ meter }) => meter !== MINIMUM_LINE) === true;
  return sinceMs >= period.endAtMs && !isUsed;
}

/** Before the grace is over: the draft as it is now, or none where there is nothing to bill. */
function openStep(
  before: BilledMonth,
  document: MonthDocument | undefined,
  nowMs: EpochMs,
): MonthStep | undefined {
  if (document !== undefined) return { before, nowMs, status: "draft", document };
  return before.status === "draft" ? { before, nowMs, status: "open" } : undefined;
}

/** After the month is final: the difference to all documents before, if there is any. */
async function lateDocument(
  deps: CloseMonthDeps,
  {
    before,
    rated,
    nowMs,
  }: {
    readonly before: BilledMonth;
    readonly rated: InvoiceContent | undefined;
    readonly nowMs: EpochMs;
  },
): Promise<MonthDocument | undefined> {
  if (rated === undefined) return undefined;
  const { tenantId, invoiceIds } = before;
  const documents = await Promise.all(invoiceIds.map((id) => deps.invoices.get(tenantId, id)));
  const known = documents.flatMap((document) => (document === undefined ? [] : [document]));
  if (known.length < documents.length) throw new Error("A final invoice cannot be found.");
  const difference = adjustInvoice(rated, known);
  return difference && { id: deps.newId("inv", nowMs), ...difference };
}

async function pay(
  deps: CloseMonthDeps,
  { tenantId }: CloseMonth,
  document: MonthDocument | undefined,
): Promise<Payment | undefined> {
  if (document === undefined) return undefined;
  return applyCredits(document.content, await deps.credits.all(tenantId), deps.now());
}
