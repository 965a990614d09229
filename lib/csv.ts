/** What a cell can hold; `undefined` and `null` are an empty one. */
export type CsvValue = string | number | null | undefined;

/**
 * One line of CSV (RFC 4180) with its line end. Text that a spreadsheet would take for a formula is quoted behind an
 * apostrophe (OWASP, "CSV Injection"); a plain decimal stays a number, whatever its sign.
 */
export function csvLine(cells: readonly CsvValue[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

/** Characters that begin a formula, and their full-width forms. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;

const PLAIN_DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;

function cell(value: CsvValue): string {
  if (value === undefined || value === null) return "";
  const text = String(value);
  const isFormula = FORMULA_START.test(text) && !PLAIN_DECIMAL.test(text);
  const safe = isFormula ? `'${text}` : text;
  return isFormula || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
