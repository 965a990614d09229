import type { ActivityRecord, ResourceRef } from "../activity/activity.ts";
import type { EpochMs } from "../time.ts";
import type {
  Location,
  Rule,
  RuleName,
  RuleResponse,
  Seen,
  Severity,
  Sighting,
  Thresholds,
  Verdict,
} from "./rule.ts";
import { RULES } from "./rules.ts";
import { clientOf, isAddress, madeBy, principalOf, statedLocation, subjectsOf } from "./signals.ts";
import { remember, stretchesWith, type Window, type Windows } from "./window.ts";

/** A tenant's setting of one rule. */
export interface RuleSetting {
  readonly enabled: boolean;
  readonly thresholds: Thresholds;
  readonly response: RuleResponse;
  readonly webhook?: string;
}

/** A tenant's setting of all rules. */
export type RuleSettings = Readonly<Record<RuleName, RuleSetting>>;

/** What detection goes by. */
export interface DetectOptions {
  readonly settings: RuleSettings;
  /** Where an address is; without it only what records say of themselves is known. */
  readonly locate?: (ip: string) => Location | undefined;
}

/** What one rule has found in one record and those before it. */
export interface Finding {
  readonly rule: RuleName;
  readonly tenantId: string;
  readonly severity: Severity;
  readonly timeMs: EpochMs;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly ip?: string;
  readonly summary: string;
  readonly evidence: readonly string[];
  readonly mitre: readonly string[];
  readonly response: RuleResponse;
  /** Findings with the same group are the same thing. */
  readonly group: string;
}

/** What a record changed, and what was found. */
export interface Detection {
  /** The windows that are other than before, by key. */
  readonly changed: Windows;
  readonly findings: readonly Finding[];
}

const DAY_MS = 86_400_000;

/**
 * Shows one record to every rule that is on. Time is the records' own; they may come late, out of order or
 * twice. `windows` must hold those of `windowKeys`; whoever stores them writes back what changed.
 */
export function detect(windows: Windows, record: ActivityRecord, options: DetectOptions): Detection {
  const changed = new Map<string, Window>();
  const current = (key: string): Window | undefined => changed.get(key) ?? windows.get(key);
  const seen = seenBy(record, options, current);
  const findings: Finding[] = [];
  for (const rule of RULES) {
    const setting = options.settings[rule.name];
    if (!setting.enabled) continue;
    for (const sighting of rule.observe(seen, setting.thresholds)) {
      const key = keyOf(record, rule.name, sighting.key);
      const { window, verdict } = show({ rule, setting, sighting, record }, current(key));
      if (window !== undefined) changed.set(key, window);
      if (verdict !== undefined) findings.push(findingOf({ rule, setting, sighting, record }, verdict));
    }
  }
  for (const [key, window] of makerWindows(record)) changed.set(key, window);
  return { changed, findings: oneEach(findings) };
}

/**
 * Shows a batch of one tenant's records to the rules, in the order of their time. Clocks that count seconds
 * leave open what came first within one: making comes before using.
 */
export function detectInBatch(
  windows: Windows,
  records: readonly ActivityRecord[],
  options: DetectOptions,
): Detection {
  const order = records
    .map((record) => ({ record, makes: madeBy(record).length > 0 ? 0 : 1 }))
    .sort((a, b) => a.record.timeMs - b.record.timeMs || a.makes - b.makes);
  const known = new Map(windows);
  const changed = new Map<string, Window>();
  const findings: Finding[] = [];
  for (const { record } of order) {
    const detection = detect(known, record, options);
    for (const [key, window] of detection.changed) {
      known.set(key, window);
      changed.set(key, window);
    }
    findings.push(...detection.findings);
  }
  return { changed, findings };
}

/** The keys of all windows that `detect` may look into for this record. */
export function windowKeys(record: ActivityRecord, options: DetectOptions): readonly string[] {
  const seen = seenBy(record, options, () => undefined);
  const keys = RULES.filter(
    ({ name, remembers }) => options.settings[name].enabled && remembers !== "nothing",
  ).flatMap((rule) =>
    rule
      .observe(seen, options.settings[rule.name].thresholds)
      .map((sighting) => keyOf(record, rule.name, sighting.key)),
  );
  return [...new Set([...keys, ...subjectsOf(record).map((subject) => makerKey(record, subject))])];
}

/** What every rule is set to unless a tenant says otherwise. */
export function defaultSettings(): RuleSettings {
  const entries = RULES.map(({ name, thresholds, response }) => [
    name,
    { enabled: true, thresholds, response },
  ]);
  return Object.fromEntries(entries);
}

interface Showing {
  readonly rule: Rule;
  readonly setting: RuleSetting;
  readonly sighting: Sighting;
  readonly record: ActivityRecord;
}

function show(
  { rule, setting, sighting, record }: Showing,
  before: Window | undefined,
): { readonly window?: Window; readonly verdict: Verdict | undefined } {
  const thresholds = { ...rule.thresholds, ...setting.thresholds };
  const windowMs = (thresholds["windowSeconds"] ?? 0) * 1000;
  const dated = { sighting, recordId: record.id, atMs: record.timeMs };
  const { window, latest } = remember(before, dated, { remembers: rule.remembers, windowMs });
  if (rule.remembers === "nothing") return { verdict: rule.judge([latest], latest, thresholds) };
  for (const stretch of stretchesWith(window, latest, windowMs)) {
    const verdict = rule.judge(stretch, latest, thresholds);
    if (verdict !== undefined) return { window, verdict };
  }
  return { window, verdict: undefined };
}

function findingOf({ rule, setting, sighting, record }: Showing, verdict: Verdict): Finding {
  const isUser =
    rule.concerns === "principal" && (record.actor.type === "user" || record.actor.type === "key");
  const isAboutSession = rule.concerns === "principal" && record.sessionId !== undefined;
  return {
    rule: rule.name,
    tenantId: record.tenantId,
    severity: verdict.severity ?? rule.severity,
    timeMs: record.timeMs,
    ...(isUser ? { userId: record.actor.id } : {}),
    ...(isAboutSession ? { sessionId: record.sessionId } : {}),
    ...(isAddress(record.ip) ? { ip: record.ip } : {}),
    summary: verdict.summary,
    evidence: verdict.evidence,
    mitre: verdict.mitre ?? rule.mitre,
    response: setting.response,
    group: `${rule.name}#${rule.concerns === "address" ? sighting.key : principalOf(record)}`,
  };
}

/**
 * A record with several sightings in one window is found by one rule once: the last finding has seen them
 * all.
 */
function oneEach(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [finding.group, finding])).values()];
}

function seenBy(
  record: ActivityRecord,
  options: DetectOptions,
  current: (key: string) => Window | undefined,
): Seen {
  const client = clientOf(record);
  // A person's deletions in the console are theirs to answer for even when the thing was theirs.
  const isTool = record.source === "ingest" || record.workflow !== undefined;
  return {
    record,
    principal: principalOf(record),
    client,
    location: statedLocation(record) ?? (isAddress(record.ip) ? options.locate?.(record.ip) : undefined),
    isOwnMade: (subject) => {
      const made = current(makerKey(record, subject))?.observations.at(0);
      return isTool && made?.label === client && record.timeMs - made.atMs < DAY_MS;
    },
  };
}

/** Who made a thing is remembered for a day, under the thing. */
function makerWindows(record: ActivityRecord): readonly (readonly [string, Window])[] {
  const { id, timeMs } = record;
  const made = { label: clientOf(record), atMs: timeMs, lastAtMs: timeMs, weight: 1, ids: [id] };
  const window = { observations: [made], expiresAtMs: timeMs + DAY_MS };
  return madeBy(record).map((subject) => [makerKey(record, subject), window]);
}

function makerKey(record: ActivityRecord, { type, id }: ResourceRef): string {
  return keyOf(record, "made", `${type}/${id}`);
}

function keyOf(record: ActivityRecord, what: string, key: string): string {
  return `${record.tenantId}#${what}#${key}`;
}
