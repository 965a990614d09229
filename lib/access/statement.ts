import type { SessionKind } from "../session/session.ts";
import { parseCidr } from "./cidr.ts";

/** Local times of day `HH:MM` in an IANA zone, `from` included and `to` not; over midnight where `to` is earlier. */
export interface DailyWindow {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

/** What has to be true beside action and resource; every condition that is given has to be. */
export interface Condition {
  /** A factor was verified at most so many seconds ago. */
  readonly mfaWithinSeconds?: number;
  /** The caller's address is in one of the blocks. */
  readonly ipCidrs?: readonly string[];
  readonly between?: DailyWindow;
  readonly sessionKinds?: readonly SessionKind[];
  /** The caller made the resource. */
  readonly owner?: true;
  /** The resource has each of these tags; a value may hold `*`. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The name of one condition. */
export type ConditionKey = keyof Condition;

/** Allows or denies actions on resources. In patterns `*` matches any run of characters. */
export interface Statement {
  readonly effect: "allow" | "deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Condition;
}

/** A named list of statements. */
export interface Role {
  readonly name: string;
  readonly description: string;
  readonly statements: readonly Statement[];
  /** Counts the changes; its `ETag`. */
  readonly version: number;
}

/** Contract section 4. */
export const MAX_STATEMENTS = 100;

/** Patterns in one list of a statement, blocks in `ipCidrs`, members of `tags`. */
export const MAX_PATTERNS = 50;

/** Characters of one pattern, tag name or tag value. */
export const MAX_PATTERN_CHARS = 128;

/** Characters of all statements of a role as JSON: it is one item of 400 KB, and read whole by whoever compiles it. */
export const MAX_STATEMENTS_CHARS = 65_536;

/** 30 days: no session, and so no verified factor, is older (contract section 3). */
export const MAX_MFA_WITHIN_SECONDS = 2_592_000;

const ACTION_PATTERN = /^[A-Za-z0-9_.:*-]{1,128}$/;
const RESOURCE_PATTERN = /^[A-Za-z0-9_.:/@+=,~*-]{1,128}$/;
const CLOCK_TIME = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;
// Offsets such as +01:00 are zones to Intl, but know no summer time.
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

/** Whether this is an action pattern: `noun:verb`, or anything with a `*`. */
export function isActionPattern(text: string): boolean {
  return ACTION_PATTERN.test(text) && /[:*]/.test(text);
}

/** Whether this is a resource pattern: `type/id`, or anything with a `*`. */
export function isResourcePattern(text: string): boolean {
  return RESOURCE_PATTERN.test(text) && /[/*]/.test(text);
}

/** Whether this is a CIDR block. */
export function isCidr(text: string): boolean {
  return parseCidr(text) !== undefined;
}

/** Whether this is a time of day, `00:00` to `23:59`. */
export function isClockTime(text: string): boolean {
  return CLOCK_TIME.test(text);
}

/** Whether this is the name of a time zone that is known here. */
export function isTimeZone(text: string): boolean {
  return ZONE_NAME.test(text) && wallClock(text) !== undefined;
}

/** Gives a clock that reads `HH:MM` in a zone at an epoch millisecond; `undefined` where the zone is not known. */
export function wallClock(timeZone: string): ((atMs: number) => string) | undefined {
  try {
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    return (atMs) => format.format(atMs);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
