import type { SessionKind } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import { contains, parseAddress, parseCidr } from "./cidr.ts";
import { matches, parseGlob } from "./glob.ts";
import { type Condition, type ConditionKey, type DailyWindow, wallClock } from "./statement.ts";

/** What is known of a request beside action and resource. A condition on what is not known cannot be told. */
export interface AccessContext {
  readonly nowMs: EpochMs;
  readonly ip?: string;
  readonly sessionKind?: SessionKind;
  readonly callerId?: string;
  /** When a second factor was last verified in the session. */
  readonly factorVerifiedAtMs?: EpochMs;
  /** Who made the resource. */
  readonly ownerId?: string;
  /** The resource's tags; `{}` where it is known to have none. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** `undefined`: cannot be told from this context. */
export type Verdict = boolean | undefined;

interface ConditionTest {
  readonly key: ConditionKey;
  readonly holds: (context: AccessContext) => Verdict;
}

/** A condition made ready; without tests it always holds. */
export type CompiledCondition = readonly ConditionTest[];

/** Reads zones, blocks and patterns once. A zone or block that is not known here makes its test untellable. */
export function compileCondition(condition: Condition = {}): CompiledCondition {
  const { mfaWithinSeconds, ipCidrs, between, sessionKinds, owner, tags } = condition;
  const tests: ConditionTest[] = [];
  if (sessionKinds !== undefined) tests.push({ key: "sessionKinds", holds: isKind(sessionKinds) });
  if (owner !== undefined) tests.push({ key: "owner", holds: isOwner });
  if (mfaWithinSeconds !== undefined) {
    tests.push({ key: "mfaWithinSeconds", holds: hasFactorWithin(mfaWithinSeconds) });
  }
  if (tags !== undefined) tests.push({ key: "tags", holds: hasTags(tags) });
  if (ipCidrs !== undefined) tests.push({ key: "ipCidrs", holds: isInBlocks(ipCidrs) });
  if (between !== undefined) tests.push({ key: "between", holds: isInWindow(between) });
  return tests;
}

/** Whether all of it holds: one part that does not settles it, even where another cannot be told. */
export function evaluate(condition: CompiledCondition, context: AccessContext): Verdict {
  let verdict: Verdict = true;
  for (const test of condition) {
    const holds = test.holds(context);
    if (holds === false) return false;
    if (holds === undefined) verdict = undefined;
  }
  return verdict;
}

/** The conditions that do not hold, or of which it cannot be told. */
export function unmetConditions(
  condition: CompiledCondition,
  context: AccessContext,
): readonly ConditionKey[] {
  return condition.filter((test) => test.holds(context) !== true).map((test) => test.key);
}

function isKind(kinds: readonly SessionKind[]): ConditionTest["holds"] {
  return ({ sessionKind }) => (sessionKind === undefined ? undefined : kinds.includes(sessionKind));
}

function isOwner({ callerId, ownerId }: AccessContext): Verdict {
  return callerId === undefined || ownerId === undefined ? undefined : callerId === ownerId;
}

function hasFactorWithin(seconds: number): ConditionTest["holds"] {
  return ({ nowMs, factorVerifiedAtMs }) =>
    factorVerifiedAtMs === undefined ? undefined : nowMs - factorVerifiedAtMs <= seconds * 1000;
}

function hasTags(wanted: Readonly<Record<string, string>>): ConditionTest["holds"] {
  const globs = Object.entries(wanted).map(([name, pattern]) => ({ name, glob: parseGlob(pattern) }));
  return ({ tags }) => {
    if (tags === undefined) return undefined;
    return globs.every(({ name, glob }) => {
      const value = Object.hasOwn(tags, name) ? tags[name] : undefined;
      return value !== undefined && matches(glob, value);
    });
  };
}

function isInBlocks(texts: readonly string[]): ConditionTest["holds"] {
  const cidrs = texts.map(parseCidr);
  return ({ ip }) => {
    const address = ip === undefined ? undefined : parseAddress(ip);
    if (address === undefined) return undefined;
    if (cidrs.some((cidr) => cidr !== undefined && contains(cidr, address))) return true;
    return cidrs.includes(undefined) ? undefined : false;
  };
}

function isInWindow({ from, to, timeZone }: DailyWindow): ConditionTest["holds"] {
  const clock = wallClock(timeZone);
  if (clock === undefined) return () => undefined;
  // HH:MM sorts as text the way it does as time.
  if (from <= to) {
    return ({ nowMs }) => {
      const time = clock(nowMs);
      return from <= time && time < to;
    };
  }
  return ({ nowMs }) => {
    const time = clock(nowMs);
    return from <= time || time < to;
  };
}
