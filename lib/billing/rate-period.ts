import { ATTO_PER_UNIT, formatAtto, formatDecimal, type Ratio, ratioOf, roundTo, sumOf } from "../decimal.ts";
import { AppError } from "../errors.ts";
import type { MeterTotal } from "../usage/total-usage.ts";
import type { Period } from "../usage/usage.ts";
import { chargeFor, type TierCharge } from "./charge.ts";
import { minorUnitOf } from "./currency.ts";
import { describePrice } from "./describe-price.ts";
import {
  documentPeriod,
  type InvoiceContent,
  type InvoiceLine,
  type LineTier,
  QUANTITY_DECIMALS,
  type UnattributedUsage,
} from "./invoice.ts";
import { type MeterPrice, MINIMUM_LINE, type RateCard } from "./rate-card.ts";
import type { CardPart } from "./split-by-card.ts";
import { spreadAmount } from "./spread-amount.ts";

/** A part of the period with what was used in it, by meter. */
export interface RatedPart extends CardPart {
  readonly usage: ReadonlyMap<string, MeterTotal>;
}

/** A line, with its amount in whole minor units for adding up. */
interface AmountedLine {
  readonly amount: bigint;
  readonly line: InvoiceLine;
}

/**
 * Rates a period: a line for every meter that was used, part by part; then the minimum charge and the tax of the
 * card that is in force at the end. This is the whole of the arithmetic, for simulated and for scheduled invoices.
 * @throws AppError `unprocessable` where the parts are in different currencies
 */
export function ratePeriod(period: Period, parts: readonly [RatedPart, ...RatedPart[]]): InvoiceContent {
  const { card } = parts.at(-1) ?? parts[0];
  if (parts.some((part) => part.card.currency !== card.currency)) {
    throw new AppError("unprocessable", "One period cannot be billed in two currencies.");
  }
  const decimals = minorUnitOf(card.currency);
  const metered = parts.flatMap(meterLines);
  const lines = [...metered, ...minimumLine(period, card, amountOf(metered))];
  const subtotal = amountOf(lines);
  const tax = roundTo({ over: subtotal * card.taxRate, under: ATTO_PER_UNIT }, 0);
  return {
    period: documentPeriod(period),
    currency: card.currency,
    lines: lines.map(({ line }) => line),
    subtotal: formatDecimal(subtotal, decimals),
    tax: formatDecimal(tax, decimals),
    total: formatDecimal(subtotal + tax, decimals),
    rateCardVersion: card.version,
    unattributed: parts.flatMap(unattributedUsage),
  };
}

function meterLines(part: RatedPart): readonly AmountedLine[] {
  return part.card.meters.flatMap((price) => {
    const usage = part.usage.get(price.meter);
    return usage === undefined || usage.whole === 0n ? [] : [meterLine(part, price, usage)];
  });
}

function meterLine({ card, period }: RatedPart, price: MeterPrice, usage: MeterTotal): AmountedLine {
  const decimals = minorUnitOf(card.currency);
  const charge = chargeFor(price, { over: usage.whole, under: usage.perUnit });
  const amount = roundTo(charge.amount, decimals);
  const shares = spreadAmount(
    amount,
    usage.sessions.map((session) => session.whole),
  );
  const line: InvoiceLine = {
    meter: price.meter,
    description: describePrice(price, card.currency),
    quantity: showQuantity({ over: usage.whole, under: usage.perUnit }),
    unit: price.unit,
    ...shownPrice(price),
    ...(charge.tiers === undefined ? {} : { tiers: charge.tiers.map(lineTier) }),
    amount: formatDecimal(amount, decimals),
    sessions: usage.sessions.map(({ sessionId, userId, whole }, place) => ({
      sessionId,
      userId,
      quantity: showQuantity({ over: whole, under: usage.perUnit }),
      amount: formatDecimal(shares[place] ?? 0n, decimals),
    })),
    period: documentPeriod(period),
    rateCardVersion: card.version,
  };
  return { amount, line };
}

function minimumLine(period: Period, card: RateCard, charged: bigint): readonly AmountedLine[] {
  const decimals = minorUnitOf(card.currency);
  const amount = roundTo(ratioOf(card.minimumCharge), decimals) - charged;
  if (amount <= 0n) return [];
  const line: InvoiceLine = {
    meter: MINIMUM_LINE,
    description: `What is missing to the minimum charge of ${formatAtto(card.minimumCharge)} ${card.currency}`,
    quantity: showQuantity(ratioOf(ATTO_PER_UNIT)),
    unit: "period",
    amount: formatDecimal(amount, decimals),
    sessions: [],
    period: documentPeriod(period),
    rateCardVersion: card.version,
  };
  return [{ amount, line }];
}

function unattributedUsage({ card, usage }: RatedPart): readonly UnattributedUsage[] {
  return card.meters.flatMap(({ meter, unit }) => {
    const { unattributed = 0n, perUnit = 1n } = usage.get(meter) ?? {};
    return unattributed === 0n
      ? []
      : [{ meter, quantity: showQuantity({ over: unattributed, under: perUnit }), unit }];
  });
}

function amountOf(lines: readonly AmountedLine[]): bigint {
  return sumOf(lines.map(({ amount }) => amount));
}

function showQuantity(quantity: Ratio): string {
  return formatDecimal(roundTo(quantity, QUANTITY_DECIMALS), QUANTITY_DECIMALS);
}

function shownPrice(price: MeterPrice): Pick<InvoiceLine, "unitPrice" | "packageSize" | "freeAllowance"> {
  return {
    ...("unitPrice" in price ? { unitPrice: formatAtto(price.unitPrice) } : {}),
    ...("packageSize" in price ? { packageSize: formatAtto(price.packageSize) } : {}),
    ...(price.freeAllowance === 0n ? {} : { freeAllowance: formatAtto(price.freeAllowance) }),
  };
}

function lineTier({ upTo, unitPrice, flatFee, quantity, amount }: TierCharge): LineTier {
  return {
    upTo: upTo === null ? null : formatAtto(upTo),
    unitPrice: formatAtto(unitPrice),
    ...(flatFee === 0n ? {} : { flatFee: formatAtto(flatFee) }),
    quantity: showQuantity(quantity),
    amount: showQuantity(amount),
  };
}
