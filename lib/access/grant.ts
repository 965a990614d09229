import { actionGlobs } from "./compile-roles.ts";
import { covers, type Glob, intersects, parseGlob } from "./glob.ts";
import type { Condition, ConditionKey, Statement } from "./statement.ts";

/** A change of what somebody may do: of a role's statements, or of the statements of all roles of a user or key. */
export interface Grant {
  /** The statements of the one who makes the change, denies too. */
  readonly holder: readonly Statement[];
  /** What there was; nothing for something new. */
  readonly before?: readonly Statement[];
  readonly after: readonly Statement[];
}

/** Whether the change may be made; if not, one thing that it would give and its maker does not hold. */
export type GrantDecision =
  | { readonly granted: true }
  | { readonly granted: false; readonly action: string; readonly resource: string };

/**
 * Decides whether a change gives only what its maker holds. Each pattern that is newly allowed has to lie within an
 * allow of the holder under no further condition, and clear of every deny of the holder that the change does not
 * carry along. Taking a deny away counts as allowing what it denied. In doubt the answer is no.
 */
export function mayGrant({ holder, before = [], after }: Grant): GrantDecision {
  const held = partition(holder);
  const old = partition(before);
  const next = partition(after);
  const added = next.allows.filter((allow) => firstUncovered(allow, old.allows) !== undefined);
  const lifted = old.denies
    .filter((deny) => firstUncovered(deny, next.denies) !== undefined)
    .map((deny) => ({ ...deny, condition: UNCONDITIONAL }));
  const binding = held.denies.filter((deny) => firstUncovered(deny, next.denies) !== undefined);
  for (const grant of [...added, ...lifted]) {
    const unheld = firstUncovered(grant, held.allows) ?? firstForbidden(grant, binding);
    if (unheld !== undefined) {
      return { granted: false, action: unheld.action.text, resource: unheld.resource.text };
    }
  }
  return { granted: true };
}

/** A user, as far as managing others goes. */
interface Managed {
  readonly userId: string;
  readonly roles: readonly string[];
}

/** Whether one user may change or remove another, permission aside: owners are changed by owners, and by themselves. */
export function mayManageUser(actor: Managed, target: Managed): boolean {
  return !target.roles.includes("owner") || actor.roles.includes("owner") || actor.userId === target.userId;
}

interface Patterns {
  readonly actions: readonly Glob[];
  readonly resources: readonly Glob[];
  readonly condition: ReadonlyMap<string, string>;
}

interface Pair {
  readonly action: Glob;
  readonly resource: Glob;
}

const UNCONDITIONAL: Patterns["condition"] = new Map();

function partition(statements: readonly Statement[]) {
  const prepare = (effect: Statement["effect"]) =>
    statements.filter((statement) => statement.effect === effect).map(toPatterns);
  return { allows: prepare("allow"), denies: prepare("deny") };
}

function toPatterns(statement: Statement): Patterns {
  return {
    actions: actionGlobs(statement),
    resources: statement.resources.map(parseGlob),
    condition: conditionTexts(statement.condition),
  };
}

/** One text for each condition, the same for the same condition however it is written down. */
function conditionTexts(condition: Condition = {}): Patterns["condition"] {
  const { ipCidrs, sessionKinds, between, tags, ...scalars } = condition;
  const canonical: { readonly [Key in ConditionKey]?: unknown } = {
    ...scalars,
    ipCidrs: ipCidrs?.toSorted(),
    sessionKinds: sessionKinds?.toSorted(),
    between: between && [between.from, between.to, between.timeZone],
    tags: tags && Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)),
  };
  const given = Object.entries(canonical).filter(([, value]) => value !== undefined);
  return new Map(given.map(([key, value]) => [key, JSON.stringify(value)]));
}

/** The first pair of an action and a resource pattern that none of `by` covers whole. */
function firstUncovered(
  { actions, resources, condition }: Patterns,
  by: readonly Patterns[],
): Pair | undefined {
  const open = new Map(actions.map((action) => [action, new Set(resources)]));
  for (const cover of by) {
    if (!isImplied(cover.condition, condition)) continue;
    const coveredResources = resources.filter((inner) => isCovered(inner, cover.resources));
    if (coveredResources.length === 0) continue;
    for (const action of actions.filter((inner) => isCovered(inner, cover.actions))) {
      for (const resource of coveredResources) open.get(action)?.delete(resource);
    }
  }
  const [first] = [...open].flatMap(([action, left]) => [...left].map((resource) => ({ action, resource })));
  return first;
}

function isCovered(inner: Glob, by: readonly Glob[]): boolean {
  return by.some((outer) => covers(outer, inner));
}

/** Whether a condition holds wherever the other does: it asks for nothing that the other does not. */
function isImplied(condition: Patterns["condition"], by: Patterns["condition"]): boolean {
  return [...condition].every(([key, text]) => by.get(key) === text);
}

/** The first pair of patterns that a deny has something in common with. */
function firstForbidden(grant: Patterns, denies: readonly Patterns[]): Pair | undefined {
  for (const deny of denies) {
    const action = grant.actions.find((one) =>
      deny.actions.some((other) => intersects(parseGlob(one.text.toLowerCase()), other)),
    );
    const resource = grant.resources.find((one) => deny.resources.some((other) => intersects(one, other)));
    if (action !== undefined && resource !== undefined) return { action, resource };
  }
  return undefined;
}
