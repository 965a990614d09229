import { assertNever } from "../errors.ts";
import { type Candidates, type CompiledPolicy, planFor, type Rule } from "./compile-roles.ts";
import { type AccessContext, evaluate, unmetConditions } from "./condition.ts";
import { matches } from "./glob.ts";
import type { ConditionKey, Statement } from "./statement.ts";

/** What is asked: `noun:verb` on `type/id`. The resource `*` is no one thing and reads as `<noun>/*`. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: AccessContext;
}

interface ByStatement {
  readonly role: string;
  /** From 0, within the role. */
  readonly statementIndex: number;
  readonly statement: Statement;
}

/** The answer, with the statement that made it. */
export type Decision =
  | ({ readonly allowed: true; readonly reason: "allowed_by_statement" } & ByStatement)
  | ({ readonly allowed: false; readonly reason: "denied_by_statement" } & ByStatement)
  /** A statement would allow it, if these conditions held. */
  | ({
      readonly allowed: false;
      readonly reason: "condition_not_met";
      readonly unmet: readonly ConditionKey[];
    } & ByStatement)
  | { readonly allowed: false; readonly reason: "no_statement" };

const NO_STATEMENT: Decision = { allowed: false, reason: "no_statement" };

/**
 * Decides whether the roles allow an action: any deny that applies wins, and what no statement allows is denied.
 * A condition that cannot be told keeps an allow from applying, and does not keep a deny from it.
 */
export function decide(policy: CompiledPolicy, request: AccessRequest): Decision {
  const resource = resourceOf(request);
  const { denies, allows } = planFor(policy, request.action);
  const deny = firstOn(denies, resource, (rule) => evaluate(rule.condition, request.context) !== false);
  if (deny !== undefined) return deny.decision;
  const allow = firstOn(allows, resource, (rule) => evaluate(rule.condition, request.context) === true);
  if (allow !== undefined) return allow.decision;
  return nearestMiss(allows, resource, request.context);
}

/**
 * Whether an action is allowed on anything at all, under any condition: the gate of a list, whose items are then
 * decided one by one.
 */
export function couldAllow(policy: CompiledPolicy, action: string): boolean {
  const { denies, allows } = planFor(policy, action);
  const deniesAll = ({ condition, globs }: Rule) =>
    condition.length === 0 && globs.some((glob) => glob.minLength === 0);
  return (allows.byGlob.length > 0 || allows.byLiteral.size > 0) && !denies.byGlob.some(deniesAll);
}

/**
 * How recent a factor has to be, in seconds, for the refused action to be allowed; `undefined` where verifying one
 * would not help.
 */
export function stepUpThatWouldAllow(decision: Decision): number | undefined {
  if (decision.reason !== "condition_not_met") return undefined;
  const { unmet, statement } = decision;
  return unmet.every((key) => key === "mfaWithinSeconds") ? statement.condition?.mfaWithinSeconds : undefined;
}

/** Says in words which statement of which role decided, counted from 1, for the one who may see it. */
export function explain(decision: Decision): string {
  switch (decision.reason) {
    case "no_statement":
      return "no statement of the roles allows it";
    case "allowed_by_statement":
      return `statement ${decision.statementIndex + 1} of the role ${decision.role} allows it`;
    case "denied_by_statement":
      return `statement ${decision.statementIndex + 1} of the role ${decision.role} denies it`;
    case "condition_not_met":
      return (
        `statement ${decision.statementIndex + 1} of the role ${decision.role} allows it only under a condition ` +
        `that is not met (${decision.unmet.join(", ")})`
      );
    default:
      return assertNever(decision);
  }
}

function resourceOf({ action, resource }: AccessRequest): string {
  const colon = action.indexOf(":");
  return resource === "*" && colon > 0 ? `${action.slice(0, colon)}/*` : resource;
}

function firstOn(
  { byLiteral, byGlob }: Candidates,
  resource: string,
  applies: (rule: Rule) => boolean,
): Rule | undefined {
  const named = byLiteral.get(resource)?.find(applies);
  for (const rule of byGlob) {
    if (named !== undefined && named.place < rule.place) return named;
    if (isOn(rule, resource) && applies(rule)) return rule;
  }
  return named;
}

function isOn(rule: Rule, resource: string): boolean {
  for (const glob of rule.globs) {
    if (matches(glob, resource)) return true;
  }
  return false;
}

/** The first allow whose conditions alone are in the way; before all others one that a step-up would meet. */
function nearestMiss({ byLiteral, byGlob }: Candidates, resource: string, context: AccessContext): Decision {
  const misses = [
    ...(byLiteral.get(resource) ?? []),
    ...byGlob.filter((rule) => isOn(rule, resource)),
  ].toSorted((a, b) => a.place - b.place);
  let nearest = NO_STATEMENT;
  for (const { role, statementIndex, statement, condition } of misses) {
    const unmet = unmetConditions(condition, context);
    const miss = {
      allowed: false,
      reason: "condition_not_met",
      role,
      statementIndex,
      statement,
      unmet,
    } as const;
    if (stepUpThatWouldAllow(miss) !== undefined) return miss;
    if (nearest === NO_STATEMENT) nearest = miss;
  }
  return nearest;
}
