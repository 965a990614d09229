import { type CompiledCondition, compileCondition } from "./condition.ts";
import type { Decision } from "./decide.ts";
import { type Glob, matches, parseGlob } from "./glob.ts";
import type { Role, Statement } from "./statement.ts";

/** A statement made ready for deciding. */
export interface Rule {
  /** Its place among all statements of the policy: of several that apply, the first one is named. */
  readonly place: number;
  readonly role: string;
  readonly statementIndex: number;
  readonly statement: Statement;
  readonly actions: readonly Glob[];
  /** The resources that it spells out, and the patterns among them. */
  readonly literals: readonly string[];
  readonly globs: readonly Glob[];
  readonly condition: CompiledCondition;
  /** What it answers where it decides: made once, not per request. */
  readonly decision: Decision;
}

/** The rules of one effect that name one action, found by resource. */
export interface Candidates {
  readonly byLiteral: ReadonlyMap<string, readonly Rule[]>;
  readonly byGlob: readonly Rule[];
}

/** The rules that name one action. */
export interface ActionPlan {
  readonly denies: Candidates;
  readonly allows: Candidates;
}

/** Roles made ready for deciding. It never changes, but remembers the plans of actions that it was asked for. */
export interface CompiledPolicy {
  readonly denies: readonly Rule[];
  readonly allows: readonly Rule[];
  readonly plans: Map<string, ActionPlan>;
}

/** Plans remembered by one policy: twice the catalogue, and no more, whatever names a caller makes up. */
const MAX_PLANS = 256;

/** All that deciding needs of a role. */
export type NamedStatements = Pick<Role, "name" | "statements">;

/**
 * Makes the roles in force ready for deciding. Of `restrictions` the denies alone count: they are the roles that
 * their holder left out of the session, and no one sheds a deny by asking for fewer roles.
 */
export function compileRoles(
  roles: readonly NamedStatements[],
  restrictions: readonly NamedStatements[] = [],
): CompiledPolicy {
  const rules = [
    ...roles.flatMap(compileRole),
    ...restrictions.flatMap(compileRole).filter((rule) => rule.statement.effect === "deny"),
  ].map((rule, place) => ({ ...rule, place }));
  return {
    denies: rules.filter((rule) => rule.statement.effect === "deny"),
    allows: rules.filter((rule) => rule.statement.effect === "allow"),
    plans: new Map(),
  };
}

/** Finds the rules for an action: by one look-up, or by going through all of them the first time. */
export function planFor(policy: CompiledPolicy, action: string): ActionPlan {
  const known = policy.plans.get(action);
  if (known !== undefined) return known;
  const folded = action.toLowerCase();
  const plan = {
    denies: candidates(policy.denies, folded),
    allows: candidates(policy.allows, action),
  };
  if (policy.plans.size >= MAX_PLANS) policy.plans.clear();
  policy.plans.set(action, plan);
  return plan;
}

/**
 * Reads the action patterns of a statement. Denies take no notice of letter case: an allow that is misspelt allows
 * nothing, but a deny must not be got round by spelling.
 */
export function actionGlobs({ effect, actions }: Statement): readonly Glob[] {
  return actions.map((action) => parseGlob(effect === "deny" ? action.toLowerCase() : action));
}

function compileRole({ name: role, statements }: NamedStatements): readonly Omit<Rule, "place">[] {
  return statements.map((statement, statementIndex) => {
    const resources = statement.resources.map(parseGlob);
    return {
      role,
      statementIndex,
      statement,
      actions: actionGlobs(statement),
      literals: resources.filter((glob) => glob.isLiteral).map((glob) => glob.text),
      globs: resources.filter((glob) => !glob.isLiteral),
      condition: compileCondition(statement.condition),
      decision:
        statement.effect === "allow"
          ? { allowed: true, reason: "allowed_by_statement", role, statementIndex, statement }
          : { allowed: false, reason: "denied_by_statement", role, statementIndex, statement },
    };
  });
}

function candidates(rules: readonly Rule[], action: string): Candidates {
  const byLiteral = new Map<string, Rule[]>();
  const byGlob: Rule[] = [];
  for (const rule of rules) {
    if (!rule.actions.some((glob) => matches(glob, action))) continue;
    if (rule.globs.length > 0) byGlob.push(rule);
    for (const literal of rule.literals) {
      const named = byLiteral.get(literal);
      if (named === undefined) byLiteral.set(literal, [rule]);
      else named.push(rule);
    }
  }
  return { byLiteral, byGlob };
}
