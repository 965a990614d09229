import type { Caller } from "../session/caller.ts";
import type { EpochMs } from "../time.ts";
import { type Glob, matches, parseGlob } from "./glob.ts";

/** Patterns remembered in their taken-apart form, whichever tenants' they are. */
const MAX_PATTERNS = 1000;

const taken = new Map<string, Glob>();

/**
 * Whether an action is one that a tenant wants a recent factor for (`sensitiveActions`). As with denies, letter case
 * makes no difference.
 */
export function isSensitive(patterns: readonly string[], action: string): boolean {
  const folded = action.toLowerCase();
  return patterns.some((pattern) => matches(foldedGlob(pattern), folded));
}

/** Every request asks for the same few. */
function foldedGlob(pattern: string): Glob {
  const known = taken.get(pattern);
  if (known !== undefined) return known;
  const glob = parseGlob(pattern.toLowerCase());
  if (taken.size >= MAX_PATTERNS) taken.clear();
  taken.set(pattern, glob);
  return glob;
}

/** What is known of the caller's factors. */
export interface StepUpState {
  readonly nowMs: EpochMs;
  readonly maxAgeSeconds: number;
  /** Whether the user has a verified factor at all. */
  readonly hasFactor: boolean;
  /** When one was last verified in this session. */
  readonly factorVerifiedAtMs: EpochMs | undefined;
}

/** What has to come before a sensitive action. */
export type StepUp = "ok" | "step_up_required" | "enrollment_required";

/** Decides whether a factor was verified recently enough; at exactly `maxAgeSeconds` it still was (RFC 9470). */
export function stepUpFor({ nowMs, maxAgeSeconds, hasFactor, factorVerifiedAtMs }: StepUpState): StepUp {
  if (!hasFactor) return "enrollment_required";
  if (factorVerifiedAtMs === undefined) return "step_up_required";
  return nowMs - factorVerifiedAtMs <= maxAgeSeconds * 1000 ? "ok" : "step_up_required";
}

/** A session, whose it is, and under which rules. */
export type InSession = Pick<Caller, "session" | "user" | "tenant">;

/** Says what has to come before an action in a session. Nobody is there in a pipeline who could verify a factor. */
export function stepUpBefore(caller: InSession, action: string, nowMs: EpochMs): StepUp {
  const { session, tenant } = caller;
  const isHeldUp = session.kind === "interactive" && isSensitive(tenant.policy.sensitiveActions, action);
  return isHeldUp ? stepUpIn(caller, nowMs) : "ok";
}

/** Says whether a factor was verified in the session recently enough for its tenant. */
export function stepUpIn({ session, user, tenant }: InSession, nowMs: EpochMs): StepUp {
  return stepUpFor({
    nowMs,
    maxAgeSeconds: tenant.policy.stepUpMaxAgeSeconds,
    hasFactor: user.factorTypes.length > 0,
    factorVerifiedAtMs: session.factorVerifiedAtMs,
  });
}
