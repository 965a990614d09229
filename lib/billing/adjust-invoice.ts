import { formatDecimal, readDecimal } from "../decimal.ts";
import { minorUnitOf } from "./currency.ts";
import { type InvoiceContent, type InvoiceLine, QUANTITY_DECIMALS, type SessionCharge } from "./invoice.ts";
import { readMoney } from "./money.ts";

/** The difference to everything that was billed before. */
export interface Adjustment {
  readonly type: "adjustment" | "credit_note";
  readonly content: InvoiceContent;
}

/** Something of the period as it is now (+1), or of a document before (-1): their sum is the difference. */
interface Signed<Part> {
  readonly sign: 1n | -1n;
  readonly part: Part;
}

/**
 * What a period costs now less all documents of it before, oldest first: line by line and session by session.
 * Quantities and amounts may have either sign. `undefined` where no amount of a line, a session or the tax differs.
 */
export function adjustInvoice(
  now: InvoiceContent,
  before: readonly InvoiceContent[],
): Adjustment | undefined {
  const { currency } = now;
  const documents = [signed(1n, now), ...before.map((document) => signed(-1n, document))];
  const lines = lineDifferences(currency, documents);
  const sumOf = (part: "subtotal" | "tax" | "total") =>
    sum(documents, (document) => readMoney(document[part], currency));
  const total = sumOf("total");
  if (lines.length === 0 && sumOf("tax") === 0n) return undefined;
  const show = (amount: bigint) => formatDecimal(amount, minorUnitOf(currency));
  return {
    type: total < 0n ? "credit_note" : "adjustment",
    content: {
      period: now.period,
      currency,
      lines,
      subtotal: show(sumOf("subtotal")),
      tax: show(sumOf("tax")),
      total: show(total),
      rateCardVersion: now.rateCardVersion,
      unattributed: now.unattributed,
    },
  };
}

function lineDifferences(
  currency: string,
  documents: readonly Signed<InvoiceContent>[],
): readonly InvoiceLine[] {
  const lines = documents.flatMap(({ sign, part }) => part.lines.map((line) => signed(sign, line)));
  const byCharge = Map.groupBy(lines, ({ part }) => `${part.period.start} ${part.meter}`);
  return [...byCharge.values()].flatMap((versions) => lineDifference(currency, versions));
}

function lineDifference(currency: string, versions: readonly Signed<InvoiceLine>[]): readonly InvoiceLine[] {
  const newest = versions[0]?.part;
  if (newest === undefined) return [];
  const figures = difference(currency, versions);
  const charges = versions.flatMap(({ sign, part }) => part.sessions.map((session) => signed(sign, session)));
  const sessions = [...Map.groupBy(charges, ({ part }) => part.sessionId).values()].flatMap((ofSession) =>
    sessionDifference(currency, ofSession),
  );
  if ([figures, ...sessions].every(({ amount }) => readMoney(amount, currency) === 0n)) return [];
  const { tiers: _tiersOfTheWhole, ...line } = newest;
  return [{ ...line, ...figures, description: `Late changes: ${newest.description}`, sessions }];
}

function sessionDifference(
  currency: string,
  versions: readonly Signed<SessionCharge>[],
): readonly SessionCharge[] {
  const newest = versions[0]?.part;
  if (newest === undefined) return [];
  const figures = difference(currency, versions);
  const isSame =
    readDecimal(figures.quantity, QUANTITY_DECIMALS) === 0n && readMoney(figures.amount, currency) === 0n;
  return isSame ? [] : [{ ...newest, ...figures }];
}

function difference(
  currency: string,
  versions: readonly Signed<Pick<SessionCharge, "quantity" | "amount">>[],
): Pick<SessionCharge, "quantity" | "amount"> {
  const quantity = sum(versions, (part) => readDecimal(part.quantity, QUANTITY_DECIMALS));
  const amount = sum(versions, (part) => readMoney(part.amount, currency));
  return {
    quantity: formatDecimal(quantity, QUANTITY_DECIMALS),
    amount: formatDecimal(amount, minorUnitOf(currency)),
  };
}

function sum<Part>(parts: readonly Signed<Part>[], figureOf: (part: Part) => bigint): bigint {
  return parts.reduce((total, { sign, part }) => total + sign * figureOf(part), 0n);
}

function signed<Part>(sign: 1n | -1n, part: Part): Signed<Part> {
  return { sign, part };
}
