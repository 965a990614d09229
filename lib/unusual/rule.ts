import type { ActivityRecord, ResourceRef } from "../activity/activity.ts";
import type { EpochMs } from "../time.ts";

/** The rules of contract section 6. */
export const RULE_NAMES = [
  "password.spray",
  "password.brute_force",
  "mfa.fatigue",
  "login.new_device",
  "login.impossible_travel",
  "session.ip_changed",
  "session.hijack_suspected",
  "refresh.reused",
  "access.denied_burst",
  "action.first_seen",
  "action.rate_spike",
  "action.destructive_burst",
  "secrets.mass_read",
  "audit.tampering",
  "privilege.escalation",
  "credentials.exfiltrated",
  "resource.public_exposure",
] as const;

/** The name of a rule. */
export type RuleName = (typeof RULE_NAMES)[number];

/** What alerts are about beside the rules: a tenant's cost. Billing raises them, and budgets are their settings. */
export const COST_ALERT_NAMES = ["budget.threshold", "cost.spike"] as const;

/** The name of an alert on cost. */
export type CostAlertName = (typeof COST_ALERT_NAMES)[number];

/** How much a finding matters. */
export type Severity = "low" | "medium" | "high";

/** What is done by itself when a rule strikes. */
export type RuleResponse = "alert" | "step_up" | "revoke_session";

/**
 * The numbers that a tenant may set, by name. Durations are in seconds; `windowSeconds` is how long a rule
 * remembers.
 */
export type Thresholds = Readonly<Record<string, number>>;

/** A point on Earth, in degrees. */
export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}

/** One record as the rules see it. */
export interface Seen {
  readonly record: ActivityRecord;
  /** The user, key or role behind the record, whatever session of it this is. */
  readonly principal: string;
  /** The tool, in its place, in the principal's hands. */
  readonly client: string;
  /** Where the caller is, where that is known. */
  readonly location: Location | undefined;
  /**
   * Whether the same tool of the same principal made this thing within the last day: taking down, or reading
   * back, what one has made oneself is ordinary work of a tool that builds and tears down.
   */
  readonly isOwnMade: (subject: ResourceRef) => boolean;
}

/** What a rule wants to remember of a record. */
export interface Sighting {
  /** Whose window it belongs to: what a rule compares it with has the same key. */
  readonly key: string;
  readonly label: string;
  readonly detail?: string;
  /** How much it counts, 1 by default. */
  readonly weight?: number;
}

/** What a window holds of one record, or of all records with one label. */
export interface Observation {
  readonly label: string;
  readonly detail?: string;
  /** The first time. */
  readonly atMs: EpochMs;
  readonly lastAtMs: EpochMs;
  /** The sum of the weights. */
  readonly weight: number;
  /** Activity ids, the newest 4. */
  readonly ids: readonly string[];
}

/** What a rule has found. */
export interface Verdict {
  readonly summary: string;
  readonly evidence: readonly string[];
  readonly severity?: Severity;
  readonly mitre?: readonly string[];
}

/** One rule: what it looks at, how it remembers, and when it strikes. Pure, and one file each. */
export interface Rule {
  readonly name: RuleName;
  readonly severity: Severity;
  /** Techniques of MITRE ATT&CK for which this is evidence. */
  readonly mitre: readonly string[];
  readonly thresholds: Thresholds;
  readonly response: RuleResponse;
  /**
   * `nothing`: each record is judged by itself. `each_record`: a window of records. `each_label`: one
   * observation for each label, with its first and last time and the sum of its weights.
   */
  readonly remembers: "nothing" | "each_record" | "each_label";
  /** Whom an alert is about; with `address` it names no user. */
  readonly concerns: "principal" | "address";
  readonly observe: (seen: Seen, thresholds: Thresholds) => readonly Sighting[];
  /** Judges a window in the order of time, `latest` among it. */
  readonly judge: (
    window: readonly Observation[],
    latest: Observation,
    thresholds: Thresholds,
  ) => Verdict | undefined;
}

/** A rule as its file writes it: with its own thresholds' names known to the compiler. */
export interface RuleDefinition<T extends Thresholds>
  extends Omit<Rule, "thresholds" | "observe" | "judge" | "response" | "concerns"> {
  readonly thresholds: T;
  readonly response?: RuleResponse;
  readonly concerns?: Rule["concerns"];
  readonly observe: (seen: Seen, thresholds: T) => readonly Sighting[];
  readonly judge: (window: readonly Observation[], latest: Observation, thresholds: T) => Verdict | undefined;
}

/** Completes a rule: thresholds that a tenant has not set are the rule's own. */
export function defineRule<T extends Thresholds>(definition: RuleDefinition<T>): Rule {
  const complete = (given: Thresholds): T => ({ ...definition.thresholds, ...given });
  return {
    response: "alert",
    concerns: "principal",
    ...definition,
    observe: (seen, given) => definition.observe(seen, complete(given)),
    judge: (window, latest, given) => definition.judge(window, latest, complete(given)),
  };
}

/** All the activity ids behind some observations, each once. */
export function evidenceOf(observations: readonly Observation[]): readonly string[] {
  return [...new Set(observations.flatMap(({ ids }) => ids))];
}

/** The seconds from the first to the last of some observations, at least 1. */
export function spanSeconds(observations: readonly Observation[]): number {
  const first = Math.min(...observations.map(({ atMs }) => atMs));
  const last = Math.max(...observations.map(({ lastAtMs }) => lastAtMs));
  return Math.max(1, Math.round((last - first) / 1000));
}
