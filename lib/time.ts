import { invalidField } from "./errors.ts";

/** Milliseconds since the Unix epoch, as every time inside the product is kept. */
export type EpochMs = number;

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

/** Writes a time the one way that the API does: UTC with milliseconds, `2026-11-23T10:00:00.000Z`. */
export function toRfc3339(atMs: EpochMs): string {
  return new Date(atMs).toISOString();
}

/**
 * Reads an RFC 3339 time with its zone; fractions beyond milliseconds are cut off. Days that no month has,
 * a 60th second and times without a zone are refused.
 * @throws AppError `request.invalid` with `pointer`
 */
export function parseRfc3339(text: string, pointer: string): EpochMs {
  const parsed = tryParseRfc3339(text);
  if (parsed === undefined) {
    throw invalidField(pointer, "must be an RFC 3339 time with a zone, such as 2026-11-23T10:00:00.000Z");
  }
  return parsed;
}

/** As `parseRfc3339`, with `undefined` for what is not a time. */
export function tryParseRfc3339(text: string): EpochMs | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const utcDay = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const written = new Date(utcDay);
  // Date rolls the 30th of February over to March: what comes back must be what was written.
  if (
    Number(year) < 1970 ||
    written.getUTCMonth() !== Number(month) - 1 ||
    written.getUTCDate() !== Number(day)
  ) {
    return undefined;
  }
  const offsetMinutes = zoneOffsetMinutes(zone);
  if (offsetMinutes === undefined) return undefined;
  const milliseconds = Number(`${fraction}000`.slice(0, 3));
  return (
    utcDay +
    ((Number(hour) * 60 + Number(minute) - offsetMinutes) * 60 + Number(second)) * 1000 +
    milliseconds
  );
}

/** RFC 9110 section 5.6.7: the form that is written, and the two old ones that are still to be read. */
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, (?<day>\d{2}) [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, (?<day>\d{2})-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} (?<day>[ \d]\d) \d{2}:\d{2}:\d{2} \d{4}$/,
];

/** Reads the time that a header of HTTP names; `undefined` for what is none, and for days that no month has. */
export function tryParseHttpDate(text: string): EpochMs | undefined {
  const day = HTTP_DATES.map((form) => form.exec(text)?.groups?.["day"]).find((one) => one !== undefined);
  const atMs = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return new Date(atMs).getUTCDate() === Number(day) ? atMs : undefined;
}

function zoneOffsetMinutes(zone: string): number | undefined {
  if (zone === "Z" || zone === "z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

/** A UTC month such as `2026-10`, half open; `undefined` for what is none. */
export function monthSpan(
  month: string,
): { readonly startAtMs: EpochMs; readonly endAtMs: EpochMs } | undefined {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (year === undefined || Number(year) < 1970) return undefined;
  return {
    startAtMs: Date.UTC(Number(year), Number(number) - 1),
    endAtMs: Date.UTC(Number(year), Number(number)),
  };
}

/** The UTC month that a time lies in, such as `2026-10`. */
export function monthOf(atMs: EpochMs): string {
  return toRfc3339(atMs).slice(0, 7);
}

/** The UTC month that a time lies in, half open. */
export function monthAround(atMs: EpochMs): { readonly startAtMs: EpochMs; readonly endAtMs: EpochMs } {
  const month = monthSpan(monthOf(atMs));
  if (month === undefined) throw new Error(`There is no month at ${atMs}.`);
  return month;
}

/** The UTC months, such as `2026-10`, that a half-open span touches. */
export function monthsIn({
  startAtMs,
  endAtMs,
}: {
  readonly startAtMs: EpochMs;
  readonly endAtMs: EpochMs;
}): readonly string[] {
  const months: string[] = [];
  for (let atMs = startAtMs; atMs < endAtMs; atMs = monthAround(atMs).endAtMs) months.push(monthOf(atMs));
  return months;
}
