import { formatDecimal, readDecimal, roundTo } from "../decimal.ts";
import { type EpochMs, parseRfc3339 } from "../time.ts";
import type { GatheredStretch, GatherQuery } from "../usage/gather-events.ts";
import type { MeteringInput } from "../usage/meter-usage.ts";
import type { MeterTotal } from "../usage/total-usage.ts";
import type { CounterEvent, Meters, Period, UsageRow } from "../usage/usage.ts";
import type { Recorded, UsageSource } from "../usage/usage-source.ts";
import type { UsageHistory } from "../usage/usage-store.ts";
import { minorUnitOf } from "./currency.ts";
import { type EvidenceInterval, type FindIntervalsDeps, findIntervals } from "./evidence-intervals.ts";
import { type InvoiceLine, QUANTITY_DECIMALS, type SessionCharge } from "./invoice.ts";
import type { InvoiceStore, KeptInvoice } from "./invoice-store.ts";
import { readMoney } from "./money.ts";
import { metersOf } from "./rate-card.ts";
import { pricesOf, type TenantPricesDeps } from "./tenant-prices.ts";

/** What looking behind a line needs. */
export interface LineEvidenceDeps extends TenantPricesDeps, FindIntervalsDeps {
  readonly invoices: Pick<InvoiceStore, "get" | "month">;
  readonly usage: Pick<UsageSource, "rows">;
  readonly history: Pick<UsageHistory, "attachments">;
  readonly gather: (query: GatherQuery) => Promise<readonly GatheredStretch[]>;
  readonly meterUsage: (input: MeteringInput) => readonly UsageRow[];
  readonly totalUsage: (rows: readonly UsageRow[], meters: Meters) => ReadonlyMap<string, MeterTotal>;
  readonly builtInMeters: Meters;
}

/** Which line of which invoice, and from where on. */
export interface LineEvidence {
  readonly tenantId: string;
  readonly invoiceId: string;
  readonly meter: string;
  /** Sessions on one page. */
  readonly limit: number;
  readonly after?: EvidencePosition | undefined;
}

/** Where a page ended: so many sessions are done, and so many entries of the next one. */
export interface EvidencePosition {
  readonly sessions: number;
  readonly entries: number;
}

/** An event that one session was charged for by a counter. */
export type EvidenceEvent = CounterEvent & Recorded;

/** What something was billed at by the documents before. */
export type BilledBefore = Pick<SessionCharge, "quantity" | "amount">;

/** What is behind one session's charge, or as much of it as fits into a page. */
export interface SessionEvidence extends SessionCharge {
  readonly line: InvoiceLine;
  /** Of an adjustment or a credit note: the charge is what there was then, less this. */
  readonly billedBefore?: BilledBefore;
  /** Whether all that is behind it, on this page and others, adds up to the quantity that was charged. */
  readonly addsUp: boolean;
  readonly intervals: readonly EvidenceInterval[];
  readonly events: readonly EvidenceEvent[];
}

/** One page of what is behind a line. */
export interface LineEvidencePage {
  readonly invoice: KeptInvoice;
  /** The lines of this meter: one for each rate card that was in force in the period. */
  readonly lines: readonly (InvoiceLine & { readonly billedBefore?: BilledBefore })[];
  readonly sessions: readonly SessionEvidence[];
  readonly next?: EvidencePosition;
}

/** Intervals and events of one page: an answer stays below 1 MB. */
const ENTRIES_MAX = 2000;

/**
 * Shows what a line of an invoice follows from, session by session: what counted when it was rated, whatever has come
 * in or was taken back since. `undefined` where there is no such invoice or line.
 */
export async function lineEvidence(
  deps: LineEvidenceDeps,
  input: LineEvidence,
): Promise<LineEvidencePage | undefined> {
  const { tenantId, invoiceId, meter, limit, after = { sessions: 0, entries: 0 } } = input;
  const invoice = await deps.invoices.get(tenantId, invoiceId);
  const lines = invoice?.lines.filter((line) => line.meter === meter) ?? [];
  if (invoice === undefined || lines.length === 0) return undefined;
  const look = await lookAt(deps, invoice);
  const charges = lines.flatMap((line) => line.sessions.map((charge) => ({ line, charge })));
  const wanted = charges.slice(after.sessions, after.sessions + limit);
  const found: SessionEvidence[] = [];
  for (const [line, ofLine] of Map.groupBy(wanted, (one) => one.line)) {
    const sessions = ofLine.map(({ charge }) => charge);
    found.push(...(await behindLine(deps, look, { line, sessions })));
  }
  const { sessions, next } = cut(found, after, charges.length);
  return {
    invoice,
    lines: lines.map((line) => ({ ...line, ...look.before(line, undefined) })),
    sessions,
    ...(next === undefined ? {} : { next }),
  };
}

/** An invoice with what has to be known to look behind it. */
interface Look {
  readonly invoice: KeptInvoice;
  /** How meters were metered under each card. */
  readonly metersUnder: (cardVersion: number | null) => Meters;
  /** What the documents before billed a line, or one session on it, at; nothing for a regular invoice. */
  readonly before: (
    line: InvoiceLine,
    sessionId: string | undefined,
  ) => { readonly billedBefore?: BilledBefore };
}

async function lookAt(deps: LineEvidenceDeps, invoice: KeptInvoice): Promise<Look> {
  const { tenantId, month: monthName, type, currency } = invoice;
  const month = await deps.invoices.month(tenantId, monthName);
  const { cards } = await pricesOf(deps, tenantId, month.pricedBy);
  const earlierIds =
    type === "regular" ? [] : month.invoiceIds.slice(0, month.invoiceIds.indexOf(invoice.id));
  const found = await Promise.all(earlierIds.map((id) => deps.invoices.get(tenantId, id)));
  const earlier = found.flatMap((document) => document?.lines ?? []);
  return {
    invoice,
    metersUnder: (version) => {
      const card = cards.find((one) => one.version === version);
      return card === undefined ? new Map() : metersOf(card, deps.builtInMeters);
    },
    before: (line, sessionId) => {
      if (type === "regular") return {};
      const same = earlier.filter(
        ({ meter, period }) => meter === line.meter && period.start === line.period.start,
      );
      const charges =
        sessionId === undefined
          ? same
          : same.flatMap(({ sessions }) => sessions.filter((one) => one.sessionId === sessionId));
      return { billedBefore: sumOfCharges(charges, currency) };
    },
  };
}

function sumOfCharges(charges: readonly BilledBefore[], currency: string): BilledBefore {
  const quantity = charges.reduce((sum, one) => sum + readDecimal(one.quantity, QUANTITY_DECIMALS), 0n);
  const amount = charges.reduce((sum, one) => sum + readMoney(one.amount, currency), 0n);
  return {
    quantity: formatDecimal(quantity, QUANTITY_DECIMALS),
    amount: formatDecimal(amount, minorUnitOf(currency)),
  };
}

/** Some sessions of a line. */
interface LineSessions {
  readonly line: InvoiceLine;
  readonly sessions: readonly SessionCharge[];
}

async function behindLine(
  deps: LineEvidenceDeps,
  look: Look,
  { line, sessions }: LineSessions,
): Promise<readonly SessionEvidence[]> {
  const { invoice } = look;
  const period = periodOf(line);
  const aggregation = look.metersUnder(line.rateCardVersion).get(line.meter);
  if (aggregation === undefined) return [];
  const meters: Meters = new Map([[line.meter, aggregation]]);
  const { tenantId, ratedAtMs } = invoice;
  const ids = new Set(sessions.map(({ sessionId }) => sessionId));
  const stretches = (await resourcesOf(deps, { tenantId, period, meters, sessionIds: ids })).map(
    (resourceId) => ({ series: { tenantId, resourceId, meter: line.meter }, period }),
  );
  const gathered = await deps.gather({ tenantId, meters, stretches, asOfMs: ratedAtMs });
  const rows = gathered.flatMap(({ inputs }) =>
    deps.meterUsage({ ...inputs, period, meters, bucket: "period" }),
  );
  const total = deps.totalUsage(rows, meters).get(line.meter);
  const used = new Map(total?.sessions.map(({ sessionId, whole }) => [sessionId, whole]));
  const intervals = gathered.flatMap((stretch) => findIntervals(deps, stretch, meters));
  const events = gathered.flatMap(({ inputs }) => inputs.counters.filter((one) => isIn(period, one.atMs)));
  return sessions.map((charge) => {
    const before = look.before(line, charge.sessionId);
    const quantity = roundTo(
      { over: used.get(charge.sessionId) ?? 0n, under: total?.perUnit ?? 1n },
      QUANTITY_DECIMALS,
    );
    const billed = readDecimal(before.billedBefore?.quantity ?? "0", QUANTITY_DECIMALS);
    return {
      ...charge,
      line,
      ...before,
      addsUp: quantity - billed === readDecimal(charge.quantity, QUANTITY_DECIMALS),
      intervals: intervals.filter(({ sessionId }) => sessionId === charge.sessionId),
      events: events.filter(({ sessionId }) => sessionId === charge.sessionId),
    };
  });
}

/** The resources that sessions may have used: those that they held, and of a counter those that it was counted on. */
async function resourcesOf(
  { usage, history }: Pick<LineEvidenceDeps, "usage" | "history">,
  of: {
    readonly tenantId: string;
    readonly period: Period;
    readonly meters: Meters;
    readonly sessionIds: ReadonlySet<string>;
  },
): Promise<readonly string[]> {
  const { tenantId, period, meters, sessionIds } = of;
  const isGauge = [...meters.values()].every((aggregation) => aggregation === "gauge");
  const [attachments, rows] = await Promise.all([
    history.attachments(tenantId, period),
    isGauge ? [] : usage.rows({ tenantId, period, meters, bucket: "period" }),
  ]);
  const held = attachments.filter(({ sessionId }) => sessionIds.has(sessionId));
  const used = rows.filter(({ holder }) => holder !== null && sessionIds.has(holder.sessionId));
  return [...new Set([...held, ...used].map(({ resourceId }) => resourceId))].sort();
}

/** What fits into a page; a session with more than that goes on on the next one. */
function cut(
  found: readonly SessionEvidence[],
  after: EvidencePosition,
  count: number,
): Pick<LineEvidencePage, "sessions" | "next"> {
  const sessions: SessionEvidence[] = [];
  let room = ENTRIES_MAX;
  for (const [place, session] of found.entries()) {
    const from = place === 0 ? after.entries : 0;
    const intervals = session.intervals.slice(from, from + room);
    const events = session.events.slice(from, from + room);
    sessions.push({ ...session, intervals, events });
    const taken = intervals.length + events.length;
    const all = session.intervals.length + session.events.length;
    if (from + taken < all) {
      return { sessions, next: { sessions: after.sessions + place, entries: from + taken } };
    }
    room -= taken;
  }
  const done = after.sessions + found.length;
  return { sessions, ...(done < count ? { next: { sessions: done, entries: 0 } } : {}) };
}

function periodOf({ period }: InvoiceLine): Period {
  return {
    startAtMs: parseRfc3339(period.start, "/period/start"),
    endAtMs: parseRfc3339(period.end, "/period/end"),
  };
}

function isIn({ startAtMs, endAtMs }: Period, atMs: EpochMs): boolean {
  return atMs >= startAtMs && atMs < endAtMs;
}
