import { compileRoles } from "./compile-roles.ts";
import { type AccessRequest, type Decision, decide } from "./decide.ts";
import type { Statement } from "./statement.ts";

/** What statements would say, and of which requests. */
export interface Simulation {
  readonly statements: readonly Statement[];
  readonly requests: readonly AccessRequest[];
}

/** Decides each request by these statements alone, as if they were all that somebody has. */
export function simulate({ statements, requests }: Simulation): readonly Decision[] {
  const policy = compileRoles([{ name: "simulated", statements }]);
  return requests.map((request) => decide(policy, request));
}

/** What is said of a decision to whoever may see roles. */
export interface ShownDecision {
  readonly reason: Decision["reason"];
  /** Counted from 0, within the role. */
  readonly statementIndex?: number;
  readonly statement?: Statement;
}

/** Shows how a decision came about. */
export function shownDecision(decision: Decision): ShownDecision {
  if (decision.reason === "no_statement") return { reason: decision.reason };
  const { reason, statementIndex, statement } = decision;
  return { reason, statementIndex, statement };
}
