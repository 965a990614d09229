import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { Period } from "../usage/usage.ts";
import { adjustInvoice } from "./adjust-invoice.ts";
import type { CardStore } from "./card-store.ts";
import { type InvoiceContent, isBillable } from "./invoice.ts";
import type { BilledMonth, InvoiceStore, InvoiceSummary, MonthStep } from "./invoice-store.ts";
import type { RateCard } from "./rate-card.ts";
import { type RateTenantDeps, rateTenant } from "./rate-tenant.ts";

/** What closing a month needs. */
export interface CloseMonthDeps extends RateTenantDeps {
  readonly cards: Pick<CardStore, "all">;
  readonly invoices: Pick<InvoiceStore, "month" | "take" | "get">;
  readonly now: () => EpochMs;
  readonly newId: (prefix: "inv", atMs?: EpochMs) => string;
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
 */
export async function closeMonth(deps: CloseMonthDeps, input: CloseMonth): Promise<ClosedMonth> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await deps.invoices.month(input.tenantId, input.month);
    const step = await nextStep(deps, input, before);
    if (step === undefined) return { status: before.status };
    const trail = await deps.beginTrail({
      tenantId: input.tenantId,
      action: step.status === "draft" ? "invoice:draft" : "invoice:finalize",
      month: input.month,
    });
    const taken = await deps.invoices.take(step, trail);
    if (taken === "none") return { status: step.status };
    if (taken !== "moved") return { status: step.status, invoice: taken };
  }
  throw new AppError("unavailable", "The month is being closed by another run: try again.");
}

async function nextStep(
  deps: CloseMonthDeps,
  input: CloseMonth,
  before: BilledMonth,
): Promise<MonthStep | undefined> {
  const nowMs = deps.now();
  const allCards = await deps.cards.all();
  const content = await rateTenant(deps, { ...input, cards: cardsFor(before, allCards) });
  const base = { before, nowMs };
  if (before.status === "final") return await adjustment(deps, { base, content });
  const isFinal = nowMs >= input.period.endAtMs + deps.graceMs;
  const billable = content !== undefined && isBillable(content) ? content : undefined;
  if (isFinal) {
    return {
      ...base,
      status: "final",
      cardVersion: newestVersion(allCards),
      ...(billable === undefined
        ? {}
        : { document: { id: draftId(deps, before, input), type: "regular", content: billable } }),
    };
  }
  if (billable === undefined) return undefined;
  return {
    ...base,
    status: "draft",
    document: { id: draftId(deps, before, input), type: "regular", content: billable },
  };
}

/** After the month is final: the difference to all documents before, if there is any. */
async function adjustment(
  deps: CloseMonthDeps,
  {
    base,
    content,
  }: { readonly base: Pick<MonthStep, "before" | "nowMs">; readonly content: InvoiceContent | undefined },
): Promise<MonthStep | undefined> {
  const { tenantId, invoiceIds } = base.before;
  const documents = await Promise.all(invoiceIds.map((id) => deps.invoices.get(tenantId, id)));
  const known = documents.flatMap((document) => (document === undefined ? [] : [document]));
  if (known.length < documents.length) throw new Error("A final invoice cannot be found.");
  if (content === undefined) return undefined;
  const difference = adjustInvoice(content, known);
  if (difference === undefined) return undefined;
  return {
    ...base,
    status: "final",
    cardVersion: base.before.cardVersion,
    document: { id: deps.newId("inv", base.nowMs), ...difference },
  };
}

/** A draft keeps its id until it is final, and as the final invoice. */
function draftId(deps: CloseMonthDeps, before: BilledMonth, { period }: CloseMonth): string {
  return before.invoiceIds[0] ?? deps.newId("inv", period.endAtMs);
}

function cardsFor(before: BilledMonth, cards: readonly RateCard[]): readonly RateCard[] {
  const { cardVersion } = before;
  return cardVersion === undefined ? cards : cards.filter(({ version }) => (version ?? 0) <= cardVersion);
}

function newestVersion(cards: readonly RateCard[]): number {
  return Math.max(0, ...cards.map(({ version }) => version ?? 0));
}
