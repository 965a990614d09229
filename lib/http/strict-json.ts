import { escapePointer } from "../activity/changes.ts";
import { AppError, invalidField } from "../errors.ts";

/** How a body is read. */
export interface StrictJsonOptions {
  /** Arrays and objects within each other; default 32 (contract section 1). */
  readonly maxDepth?: number;
  /**
   * `exact` (default) refuses a number that a JavaScript number would silently change, so that what a schema sees
   * prints as the decimal that was sent: `0.1` and `1.50` pass, `9007199254740993` does not. `nearest` is for free-form
   * values that nobody calculates with, and rounds as `JSON.parse` does. Neither takes what overflows to infinity.
   */
  readonly numbers?: "exact" | "nearest";
}

interface Reader {
  readonly text: string;
  at: number;
  /** Where in the value it is: a member's name or an item's index for each level. */
  readonly path: (string | number)[];
  readonly maxDepth: number;
  readonly isExact: boolean;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

// With what comes after it, so that 1.5x is not taken for a number with more to follow.
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![^\s,\]}])/y;

/**
 * Reads JSON (RFC 8259) and refuses what two readers could take for different things: a name given twice, however
 * it is escaped, lone surrogates, numbers that do not fit, a byte order mark, and names that reach an object's
 * prototype. No depth of nesting makes it slow.
 * @throws AppError `request.malformed` for what is not JSON, `request.invalid` with a pointer for the rest
 */
export function parseStrictJson(text: string, options: StrictJsonOptions = {}): unknown {
  const { maxDepth = 32, numbers = "exact" } = options;
  const reader: Reader = { text, at: 0, path: [], maxDepth, isExact: numbers === "exact" };
  skipSpace(reader);
  const value = readValue(reader);
  skipSpace(reader);
  if (reader.at < text.length) throw malformed(reader);
  return value;
}

function readValue(reader: Reader): unknown {
  switch (reader.text.charCodeAt(reader.at)) {
    case OPEN_BRACE:
      return readObject(reader);
    case OPEN_BRACKET:
      return readArray(reader);
    case QUOTE:
      return readString(reader);
    case 0x74:
      return readWord(reader, "true", true);
    case 0x66:
      return readWord(reader, "false", false);
    case 0x6e:
      return readWord(reader, "null", null);
    default:
      return readNumber(reader);
  }
}

function readObject(reader: Reader): Record<string, unknown> {
  openContainer(reader);
  const object: Record<string, unknown> = {};
  if (takes(reader, CLOSE_BRACE)) return object;
  do {
    skipSpace(reader);
    if (reader.text.charCodeAt(reader.at) !== QUOTE) throw malformed(reader);
    const name = readString(reader);
    reader.path.push(name);
    if (Object.hasOwn(object, name)) throw refused(reader, "is given twice");
    if (name === "__proto__") throw refused(reader, "is not a name that is taken");
    if (!takes(reader, COLON)) throw malformed(reader);
    skipSpace(reader);
    const value = readValue(reader);
    if (name === "constructor" && reachesPrototype(value)) throw refused(reader, "may not name a prototype");
    object[name] = value;
    reader.path.pop();
  } while (takes(reader, COMMA));
  if (!takes(reader, CLOSE_BRACE)) throw malformed(reader);
  return object;
}

function readArray(reader: Reader): unknown[] {
  openContainer(reader);
  const array: unknown[] = [];
  if (takes(reader, CLOSE_BRACKET)) return array;
  do {
    skipSpace(reader);
    reader.path.push(array.length);
    array.push(readValue(reader));
    reader.path.pop();
  } while (takes(reader, COMMA));
  if (!takes(reader, CLOSE_BRACKET)) throw malformed(reader);
  return array;
}

function openContainer(reader: Reader): void {
  if (reader.path.length >= reader.maxDepth) {
    throw refused(reader, `is nested deeper than ${reader.maxDepth}`);
  }
  reader.at += 1;
}

function readString(reader: Reader): string {
  const { text } = reader;
  const start = reader.at;
  let hasEscapes = false;
  let end = start + 1;
  for (;;) {
    const code = text.charCodeAt(end);
    if (code === QUOTE) break;
    // Past the end of the text the code is NaN, which is not above 0x1f either.
    if (!(code > 0x1f)) {
      reader.at = end;
      throw malformed(reader);
    }
    if (code === BACKSLASH) hasEscapes = true;
    end += code === BACKSLASH ? 2 : 1;
  }
  const value = hasEscapes ? decodeEscapes(reader, text.slice(start, end + 1)) : text.slice(start + 1, end);
  if (!value.isWellFormed()) throw refused(reader, "holds half of a surrogate pair");
  reader.at = end + 1;
  return value;
}

function decodeEscapes(reader: Reader, literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch (cause) {
    throw malformed(reader, cause);
  }
}

function readWord<Value>(reader: Reader, word: string, value: Value): Value {
  if (!reader.text.startsWith(word, reader.at)) throw malformed(reader);
  reader.at += word.length;
  return value;
}

function readNumber(reader: Reader): number {
  NUMBER.lastIndex = reader.at;
  const literal = NUMBER.exec(reader.text)?.[0];
  if (literal === undefined) throw malformed(reader);
  const value = Number(literal);
  if (!Number.isFinite(value)) throw refused(reader, "is too large a number");
  if (reader.isExact && !isSameDecimal(literal, value)) {
    throw refused(reader, "has more digits than a JSON number keeps: send it as a string");
  }
  reader.at += literal.length;
  return value;
}

/** Every decimal of up to 15 digits comes back from a double as it went in (IEEE 754); the others are compared. */
function isSameDecimal(literal: string, value: number): boolean {
  if (literal.length <= 15 && !/e/i.test(literal)) return true;
  const [digits, exponent] = toDigits(literal);
  const [keptDigits, keptExponent] = toDigits(String(value));
  return digits === keptDigits && (digits === "" || exponent === keptExponent);
}

/** The magnitude of a decimal: its digits without zeros at either end, and the power of ten of the last one. */
function toDigits(decimal: string): readonly [digits: string, exponent: number] {
  const [mantissa = "", power = "0"] = decimal.replace(/^-/, "").toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = trimEndZeros(digits);
  return [significant, Number(power) - fraction.length + digits.length - significant.length];
}

function trimEndZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end -= 1;
  return digits.slice(0, end);
}

function takes(reader: Reader, code: number): boolean {
  skipSpace(reader);
  if (reader.text.charCodeAt(reader.at) !== code) return false;
  reader.at += 1;
  return true;
}

function skipSpace(reader: Reader): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    reader.at += 1;
  }
}

function reachesPrototype(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "prototype");
}

function malformed({ at }: Reader, cause?: unknown): AppError {
  const detail = `The body is not JSON (RFC 8259) at character ${at}.`;
  return new AppError("request.malformed", detail, cause === undefined ? {} : { cause });
}

function refused({ path }: Reader, message: string): AppError {
  return invalidField(path.map((step) => `/${escapePointer(String(step))}`).join(""), message);
}
