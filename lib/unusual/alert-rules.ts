import type { Trail } from "../activity/trail.ts";
import { invalidField } from "../errors.ts";
import { defaultSettings, type RuleSetting, type RuleSettings } from "./detect.ts";
import type { Rule, RuleName, Thresholds } from "./rule.ts";
import { RULES } from "./rules.ts";
import { OBSERVATIONS_MAX } from "./window.ts";

/** A tenant's settings of the rules, with the version of their document; 0 while nobody has changed them. */
export interface AlertRules {
  readonly settings: RuleSettings;
  readonly version: number;
}

/** The rules as they are where a tenant has said nothing. */
export function defaultRules(): AlertRules {
  return { settings: defaultSettings(), version: 0 };
}

/** The settings of every tenant. */
export interface AlertRulesStore {
  /** What a tenant has not set, or what rules have become since it did, is as by default. */
  get(tenantId: string): Promise<AlertRules>;
  /** Replaces a tenant's settings, with the request's record. */
  replace(
    of: { readonly tenantId: string; readonly before: AlertRules; readonly after: AlertRules },
    trail: Trail,
  ): Promise<"done" | "moved">;
}

/** A rule as a tenant wants it; what it does not say is as by default. */
export interface WantedRule extends Partial<RuleSetting> {
  readonly rule: RuleName;
}

/** A quarter of a year: as long as any rule remembers by default. */
const WINDOW_SECONDS_MAX = 7_776_000;
const THRESHOLD_MAX = 1_000_000;

/**
 * The settings that a tenant's list of rules makes; rules that are not in it are as by default.
 * @throws AppError `request.invalid` below `/rules` for a rule that is there twice, a threshold that the rule does not
 * have, and one that its window could never reach
 */
export function settingsOf(wanted: readonly WantedRule[]): RuleSettings {
  const settings = { ...defaultSettings() };
  for (const [place, { rule: name, ...said }] of wanted.entries()) {
    if (wanted.findIndex(({ rule }) => rule === name) !== place) {
      throw invalidField(`/rules/${place}/rule`, "must be there once");
    }
    const rule = RULES.find((one) => one.name === name);
    if (rule === undefined) throw new Error(`There is no rule ${name}.`);
    checkThresholds(rule, said.thresholds ?? {}, `/rules/${place}/thresholds`);
    settings[name] = { ...settings[name], ...said, thresholds: { ...rule.thresholds, ...said.thresholds } };
  }
  return settings;
}

function checkThresholds(rule: Rule, given: Thresholds, pointer: string): void {
  for (const [name, value] of Object.entries(given)) {
    if (rule.thresholds[name] === undefined) {
      throw invalidField(`${pointer}/${name}`, "is not a threshold of this rule");
    }
    const most = mostOf(rule, name);
    if (!(value > 0 && value <= most)) {
      throw invalidField(`${pointer}/${name}`, `must be greater than 0, and at most ${most}`);
    }
  }
}

/** Where each record is remembered by itself, no more of them can be counted than a window holds. */
function mostOf({ remembers }: Rule, name: string): number {
  if (name === "windowSeconds") return WINDOW_SECONDS_MAX;
  return remembers === "each_record" ? OBSERVATIONS_MAX : THRESHOLD_MAX;
}
