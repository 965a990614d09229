import { parseDecimal } from "../decimal.ts";
import { minorUnitOf } from "./currency.ts";

/** Reads an amount of one of our own documents into whole minor units. */
export function readMoney(amount: string, currency: string): bigint {
  return readDecimal(amount, minorUnitOf(currency));
}

/** Reads a decimal of one of our own documents into whole units of 10^-decimals. */
export function readDecimal(text: string, decimals: number): bigint {
  const units = parseDecimal(text, decimals);
  if (units === undefined) throw new Error(`A document with a number that is none: ${text}`);
  return units;
}
