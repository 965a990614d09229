import type { Role, Statement } from "../../lib/access/statement.ts";
import { chance } from "./chance.ts";

/** May this action be done on this resource? */
export interface Query {
  readonly action: string;
  readonly resource: string;
}

/** Answers queries for a user who holds all roles of the case. */
export type Decider = (query: Query) => boolean;

const ROLES = 50;
const STATEMENTS_EACH = 4;
const QUERIES = 500;
const NOUNS = ["vm", "volume", "database", "load_balancer", "instance_group", "user", "role", "session"];
const VERBS = ["create", "read", "list", "update", "delete", "start", "stop", "scale", "attach", "revoke"];
const PREFIXES = ["prod", "test", "dev", "blue", "green"];
const THINGS_EACH = 100;

/** 50 roles with 200 statements: literals and wildcards in actions and resources, every fifth a deny. */
export function permissionRoles(): readonly Role[] {
  const pick = picker(7);
  return Array.from({ length: ROLES }, (_, index) => ({
    ...{ name: `role-${index}`, description: "", version: 1 },
    statements: Array.from({ length: STATEMENTS_EACH }, () => statement(pick)),
  }));
}

/** 500 queries for what the statements speak of. */
export function permissionQueries(roles: readonly Role[]): readonly Query[] {
  const pick = picker(11);
  const spoken = roles.flatMap(({ statements }) => statements);
  return Array.from({ length: QUERIES }, () => {
    const { actions } = pick(spoken);
    const [noun = "", verb = ""] = (actions[0] ?? "").split(":");
    const of = noun === "*" ? pick(NOUNS) : noun;
    return { action: `${of}:${verb === "*" ? pick(VERBS) : verb}`, resource: thing(of, pick) };
  });
}

function statement(pick: Pick): Statement {
  const noun = pick(NOUNS);
  const isDeny = pick([true, false, false, false, false]);
  const literal = `${noun}:${pick(VERBS)}`;
  const action = pick([
    literal,
    literal,
    literal,
    literal,
    `${noun}:*`,
    literal,
    `${noun}:*`,
    `*:${pick(VERBS)}`,
  ]);
  // What is said of every noun is said of all things; else a statement speaks of one thing, or of some by their names.
  const resource = action.startsWith("*")
    ? "*"
    : pick([thing(noun, pick), `${noun}/${pick(PREFIXES)}-*`, `${noun}/${pick(PREFIXES)}-1*`, `${noun}/*`]);
  if (isDeny && resource.endsWith("*")) {
    return {
      effect: "deny",
      actions: [`${noun}:${pick(VERBS)}`],
      resources: [`${noun}/${pick(PREFIXES)}-*`],
    };
  }
  return { effect: isDeny ? "deny" : "allow", actions: [action], resources: [resource] };
}

function thing(noun: string, pick: Pick): string {
  const number = pick(Array.from({ length: THINGS_EACH }, (_, index) => index));
  return `${noun}/${pick(PREFIXES)}-${number}`;
}

type Pick = <T>(from: readonly T[]) => T;

/** The same choices each time. */
function picker(seed: number): Pick {
  const next = chance(seed);
  return (from) => {
    const picked = from[Math.floor(next() * from.length)];
    if (picked === undefined) throw new Error("There is nothing to pick from.");
    return picked;
  };
}
