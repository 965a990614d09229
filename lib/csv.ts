/** A decimal in plain digits, which stays a number in a spreadsheet whatever its sign. */
export interface CsvDecimal {
  readonly decimal: string;
}

/** What a cell can hold; `undefined` and `null` are an empty one. */
export type CsvValue = string | number | CsvDecimal | null | undefined;

/**
 * One line of CSV (RFC 4180) with its line end. Text that a spreadsheet would take for a formula is quoted behind an
 * apostrophe (OWASP, "CSV Injection").
 */
export function csvLine(cells: readonly CsvValue[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

/** Characters that begin a formula, and their full-width forms. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;

function cell(value: CsvValue): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return String(value);
  if (typeof value === "object") return value.decimal;
  const isFormula = FORMULA_START.test(value);
  const safe = isFormula ? `'${value}` : value;
  return isFormula || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
