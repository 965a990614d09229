import * as z from "zod";
import { AppError } from "../errors.ts";
import { type Expected, STATE_BYTES_MAX, type StateEntry } from "../session/state.ts";
import { toRfc3339 } from "../time.ts";
import { expectedVersion } from "./list.ts";
import { SessionId } from "./parse.ts";
import type { HttpRequest } from "./request.ts";
import { parseStrictJson } from "./strict-json.ts";

/** A key of session state (contract section 3). */
const StateKey = z
  .string()
  .regex(/^[A-Za-z0-9._:/-]{1,128}$/, "must be 1 to 128 of A-Z a-z 0-9 . _ : / -, percent-encoded");

/** Where a value is. */
export const StatePath = z.object({ sessionId: SessionId, key: StateKey });

/** A key as it is listed. */
export const StateEntryDocument = z
  .object({ key: z.string(), version: z.int(), size: z.int(), updatedAt: z.iso.datetime() })
  .meta({ id: "StateEntry" });

/** Shows a key. */
export function stateEntryDocument({ key, version, size, updatedAtMs }: StateEntry) {
  return { key, version, size, updatedAt: toRfc3339(updatedAtMs) };
}

/**
 * Holds a value to what can be kept: JSON of at most 256 KiB. Numbers may be of any size, since the text is kept.
 * @throws AppError `request.too_large`, `request.malformed`, `request.invalid`
 */
export function checkedValue(json: string): { readonly json: string; readonly size: number } {
  const size = new TextEncoder().encode(json).length;
  if (size > STATE_BYTES_MAX) throw new AppError("request.too_large", "A value has at most 256 KiB.");
  parseStrictJson(json, { numbers: "nearest" });
  return { json, size };
}

/** What a write expects to find, from `If-Match` and `If-None-Match` (RFC 9110 section 13.1). */
export function expectationOf(request: HttpRequest): Expected {
  if (request.headers["if-none-match"] === "*") return { is: "absent" };
  const version = expectedVersion(request);
  return version === undefined ? { is: "any" } : { is: "version", version };
}
