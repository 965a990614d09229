/** An exact decimal as a whole number of 10^-18: `1500000000000000000n` is 1.5. */
export type Atto = bigint;

/** Decimal places of an `Atto`: no value, price or tier bound has more. */
export const ATTO_DECIMALS = 18;

/** One, as an `Atto`. */
export const ATTO_PER_UNIT: Atto = 10n ** BigInt(ATTO_DECIMALS);

/**
 * An exact quotient `over / under` with `under > 0`, not reduced. A third of an hour has no last decimal, so that
 * quotients are what is priced; they become decimals by one rounding, at the very end.
 */
export interface Ratio {
  readonly over: bigint;
  readonly under: bigint;
}

/** Nothing. */
export const ZERO: Ratio = { over: 0n, under: 1n };

/** An `Atto` as a quotient. */
export function ratioOf(value: Atto): Ratio {
  return { over: value, under: ATTO_PER_UNIT };
}

/** `a + b`, exactly. */
export function add(a: Ratio, b: Ratio): Ratio {
  if (a.under === b.under) return { over: a.over + b.over, under: a.under };
  return { over: a.over * b.under + b.over * a.under, under: a.under * b.under };
}

/** `a - b`, exactly. */
export function subtract(a: Ratio, b: Ratio): Ratio {
  return add(a, { over: -b.over, under: b.under });
}

/** `a × b`, exactly. */
export function multiply(a: Ratio, b: Ratio): Ratio {
  return { over: a.over * b.over, under: a.under * b.under };
}

/** Whether `a` is more than `b`. */
export function isMore(a: Ratio, b: Ratio): boolean {
  return a.over * b.under > b.over * a.under;
}

/** `a / b` rounded up to a whole number, for `a >= 0` and `b > 0`: started packages count whole. */
export function divideRoundingUp(a: Ratio, b: Ratio): bigint {
  const over = a.over * b.under;
  const under = a.under * b.over;
  return (over + under - 1n) / under;
}

/** All of them together. */
export function sumOf(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}

/** The greatest of them, and 0 of none; none is negative. */
export function greatestOf(values: readonly bigint[]): bigint {
  let greatest = 0n;
  for (const value of values) if (value > greatest) greatest = value;
  return greatest;
}

/** The quotient in whole units of 10^-decimals, rounded half away from zero (contract section 11). */
export function roundTo(value: Ratio, decimals: number): bigint {
  const scaled = value.over * 10n ** BigInt(decimals);
  const magnitude = scaled < 0n ? -scaled : scaled;
  const rounded = (2n * magnitude + value.under) / (2n * value.under);
  return scaled < 0n ? -rounded : rounded;
}

/** Writes whole units of 10^-decimals with all of their decimals: 250 and 2 is `"2.50"`. Zero has no sign. */
export function formatDecimal(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const sign = units < 0n ? "-" : "";
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Writes an `Atto` without trailing zeros: `"0.04"`, `"1000"`. */
export function formatAtto(value: Atto): string {
  return formatDecimal(value, ATTO_DECIMALS).replace(/\.?0+$/, "");
}

const DECIMAL = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/**
 * Reads a plain decimal into whole units of 10^-decimals; `undefined` for anything else and for more decimal
 * places than `decimals`. No exponent, plus sign, leading zero, group separator or space is taken.
 */
export function parseDecimal(text: string, decimals: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  if (fraction.length > decimals) return undefined;
  return BigInt(sign + whole + fraction.padEnd(decimals, "0"));
}

/** Reads a decimal of one of our own documents into whole units of 10^-decimals. */
export function readDecimal(text: string, decimals: number): bigint {
  const units = parseDecimal(text, decimals);
  if (units === undefined) throw new Error(`A document with a number that is none: ${text}`);
  return units;
}
