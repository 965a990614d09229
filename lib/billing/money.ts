import { readDecimal } from "../decimal.ts";
import { minorUnitOf } from "./currency.ts";

/** Reads an amount of one of our own documents into whole minor units. */
export function readMoney(amount: string, currency: string): bigint {
  return readDecimal(amount, minorUnitOf(currency));
}
