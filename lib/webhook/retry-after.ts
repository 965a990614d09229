import { type EpochMs, tryParseHttpDate } from "../time.ts";

/**
 * How long an answer asks to be left alone (`Retry-After`, RFC 9110 section 10.2.3), in milliseconds; `undefined` for
 * what is malformed, negative or past.
 */
export function retryAfterMs(value: string | undefined, nowMs: EpochMs): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, Number.MAX_SAFE_INTEGER);
  const atMs = tryParseHttpDate(value);
  return atMs === undefined || atMs < nowMs ? undefined : atMs - nowMs;
}
