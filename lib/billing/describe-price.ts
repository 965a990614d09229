import { formatAtto } from "../decimal.ts";
import { assertNever } from "../errors.ts";
import type { MeterPrice } from "./rate-card.ts";

/** Says in words how a line came to its amount. */
export function describePrice(price: MeterPrice, currency: string): string {
  const free =
    price.freeAllowance === 0n ? "" : `, the first ${formatAtto(price.freeAllowance)} ${price.unit} free`;
  return `${price.meter} ${modelOf(price, currency)}${free}`;
}

function modelOf(price: MeterPrice, currency: string): string {
  switch (price.model) {
    case "flat":
      return `at ${formatAtto(price.unitPrice)} ${currency} per ${price.unit}`;
    case "package":
      return `at ${formatAtto(price.unitPrice)} ${currency} per started ${formatAtto(price.packageSize)} ${price.unit}`;
    case "graduated":
      return "in tiers, each at its own price";
    case "volume":
      return "at the price of the tier that the whole quantity falls in";
    default:
      return assertNever(price);
  }
}
