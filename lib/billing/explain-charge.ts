import { ATTO_DECIMALS, divideRoundingUp, formatDecimal, readDecimal, roundTo } from "../decimal.ts";
import { minorUnitOf } from "./currency.ts";
import { type InvoiceLine, QUANTITY_DECIMALS, type SessionCharge } from "./invoice.ts";
import type { BilledBefore } from "./line-evidence.ts";
import { readMoney } from "./money.ts";
import { MINIMUM_LINE } from "./rate-card.ts";

/**
 * How a line came to its amount, step by step, in the figures that it shows. Quantities are shown with 9 decimals and
 * reckoned with exactly; the amount alone is rounded.
 */
export function explainLine(
  line: InvoiceLine & { readonly billedBefore?: BilledBefore },
  currency: string,
): readonly string[] {
  if (line.meter === MINIMUM_LINE) return [`${line.description}: ${line.amount} ${currency}`];
  if (line.billedBefore !== undefined) return [explainDifference(line, line.billedBefore, currency)];
  const { unit, freeAllowance = "0", quantity } = line;
  const payable = payableOf(line);
  return [
    ...(freeAllowance === "0"
      ? []
      : [`${quantity} ${unit} - ${freeAllowance} free = ${show(payable, QUANTITY_DECIMALS)} ${unit}`]),
    ...priceSteps(line, payable, currency),
    `rounded half away from zero to ${minorUnitOf(currency)} decimals: ${line.amount} ${currency}`,
  ];
}

/** How a session came to its part of a line. */
export function explainSession(
  session: SessionCharge & { readonly billedBefore?: BilledBefore },
  line: InvoiceLine,
  currency: string,
): string {
  if (session.billedBefore !== undefined) return explainDifference(session, session.billedBefore, currency);
  const weight = readDecimal(session.quantity, QUANTITY_DECIMALS);
  const weights = line.sessions.reduce((sum, one) => sum + readDecimal(one.quantity, QUANTITY_DECIMALS), 0n);
  const decimals = minorUnitOf(currency);
  const exact = roundTo(
    { over: readMoney(line.amount, currency) * weight, under: weights * 10n ** BigInt(decimals) },
    QUANTITY_DECIMALS,
  );
  const share = `${line.amount} ${currency} × ${session.quantity} ÷ ${show(weights, QUANTITY_DECIMALS)}`;
  return `${share} = ${show(exact, QUANTITY_DECIMALS)}; by largest remainder ${session.amount} ${currency}`;
}

function explainDifference(now: BilledBefore, before: BilledBefore, currency: string): string {
  const quantity =
    readDecimal(now.quantity, QUANTITY_DECIMALS) + readDecimal(before.quantity, QUANTITY_DECIMALS);
  const amount = readMoney(now.amount, currency) + readMoney(before.amount, currency);
  const asAmount = (part: string) => `for ${part} ${currency}`;
  const whole = formatDecimal(amount, minorUnitOf(currency));
  return [
    `${show(quantity, QUANTITY_DECIMALS)} ${asAmount(whole)} in all,`,
    `less ${before.quantity} ${asAmount(before.amount)} billed before`,
    `= ${now.quantity} ${asAmount(now.amount)}`,
  ].join(" ");
}

function payableOf({ quantity, freeAllowance = "0" }: InvoiceLine): bigint {
  const free = readDecimal(freeAllowance, ATTO_DECIMALS);
  const used = readDecimal(quantity, QUANTITY_DECIMALS) * 10n ** BigInt(ATTO_DECIMALS - QUANTITY_DECIMALS);
  const payable = used > free ? used - free : 0n;
  return roundTo({ over: payable, under: 10n ** BigInt(ATTO_DECIMALS) }, QUANTITY_DECIMALS);
}

function priceSteps(line: InvoiceLine, payable: bigint, currency: string): readonly string[] {
  const { unit, unitPrice, packageSize, tiers } = line;
  if (tiers !== undefined) {
    const sum = tiers.reduce((total, { amount }) => total + readDecimal(amount, QUANTITY_DECIMALS), 0n);
    return [
      ...tiers.map(({ upTo, quantity, unitPrice: price, flatFee, amount }) => {
        const fee = flatFee === undefined ? "" : ` + ${flatFee}`;
        const tier = upTo === null ? "the rest" : `up to ${upTo}`;
        return `${tier}: ${quantity} ${unit} × ${price}${fee} = ${amount}`;
      }),
      `together ${show(sum, QUANTITY_DECIMALS)} ${currency}`,
    ];
  }
  if (unitPrice === undefined) return [];
  const price = readDecimal(unitPrice, ATTO_DECIMALS);
  if (packageSize === undefined) {
    const product = show(payable * price, QUANTITY_DECIMALS + ATTO_DECIMALS);
    return [`${show(payable, QUANTITY_DECIMALS)} ${unit} × ${unitPrice} = ${product} ${currency}`];
  }
  const count = divideRoundingUp(
    { over: payable, under: 10n ** BigInt(QUANTITY_DECIMALS) },
    { over: readDecimal(packageSize, ATTO_DECIMALS), under: 10n ** BigInt(ATTO_DECIMALS) },
  );
  return [
    `${show(payable, QUANTITY_DECIMALS)} ${unit} ÷ ${packageSize} = ${count} started packages`,
    `${count} × ${unitPrice} = ${show(count * price, ATTO_DECIMALS)} ${currency}`,
  ];
}

/** Without the zeros that say nothing. */
function show(units: bigint, decimals: number): string {
  return formatDecimal(units, decimals).replace(/\.?0+$/, "");
}
