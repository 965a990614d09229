import * as z from "zod";
import { ATTO_DECIMALS, parseDecimal } from "../decimal.ts";
import { type EpochMs, tryParseRfc3339 } from "../time.ts";
import type { Attachment } from "../usage/usage.ts";

/** Digits of a quantity or price: what a DynamoDB number holds too. */
const DIGITS_MAX = 38;

const NOT_A_DECIMAL =
  'must be a decimal string such as "0.0125", not negative, with at most 38 digits and 18 decimals, ' +
  "or a JSON number that is exact";

const PLAIN_DECIMAL = /^(0|[1-9][0-9]*)(\.[0-9]{1,18})?$/;

/**
 * Money or a quantity on the way in: a decimal string, or a JSON number that is exact (contract section 1), as
 * whole units of 10^-18. At least 0. `parseStrictJson` has refused the numbers that are not what was written.
 */
export const DecimalInput = z
  .union(
    [
      z
        .string()
        .max(DIGITS_MAX + 1, NOT_A_DECIMAL)
        .regex(PLAIN_DECIMAL, NOT_A_DECIMAL),
      z.number().min(0, NOT_A_DECIMAL).max(Number.MAX_SAFE_INTEGER, NOT_A_DECIMAL),
    ],
    { error: NOT_A_DECIMAL },
  )
  .transform((input, context) => {
    const text = typeof input === "string" ? input : plainDecimal(String(input));
    const value = digitsIn(text) <= DIGITS_MAX ? parseDecimal(text, ATTO_DECIMALS) : undefined;
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: NOT_A_DECIMAL });
    return z.NEVER;
  });

/** A time on the way in, RFC 3339 with its zone, as epoch milliseconds. */
export const TimeInput = z
  .string({ error: "must be an RFC 3339 time" })
  .max(40)
  .meta({ format: "date-time" })
  .transform((text, context): EpochMs => {
    const atMs = tryParseRfc3339(text);
    if (atMs !== undefined) return atMs;
    context.addIssue({
      code: "custom",
      message: "must be an RFC 3339 time with a zone, such as 2026-11-23T10:00:00.000Z",
    });
    return z.NEVER;
  });

/** An id that somebody else made: 1 to 256 characters of well-formed Unicode. */
export const ForeignId = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => text.isWellFormed(), "must not hold half of a surrogate pair");

/** A meter's name: 1 to 64 letters, digits, `_`, `.` and `-`, a letter first. */
export const MeterName = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, "must be the name of a meter");

/** A session that is kept elsewhere (contract section 11); `endedAt` is null or left out while it runs. */
export const SessionFields = {
  id: ForeignId,
  userId: ForeignId,
  startedAt: TimeInput,
  endedAt: TimeInput.nullish(),
};

/** Which session held which resource from when to when; `to` is null or left out until it is detached. */
export const AttachmentInput = z
  .strictObject({ resourceId: ForeignId, sessionId: ForeignId, from: TimeInput, to: TimeInput.nullish() })
  .refine(({ from, to }) => to == null || from <= to, { path: ["to"], message: "must not be before from" })
  .transform(
    ({ resourceId, sessionId, from, to }): Attachment => ({
      resourceId,
      sessionId,
      fromAtMs: from,
      toAtMs: to ?? null,
    }),
  );

function digitsIn(text: string): number {
  return text.replace(".", "").length;
}

/** JavaScript writes 0.0000001 as `1e-7`. */
function plainDecimal(text: string): string {
  const small = /^([0-9])(?:\.([0-9]+))?e-([0-9]+)$/.exec(text);
  if (small === null) return text;
  const [, whole = "", fraction = "", exponent = ""] = small;
  return `0.${"0".repeat(Number(exponent) - 1)}${whole}${fraction}`;
}
