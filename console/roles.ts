/** One rule of a role (contract section 4). */
export interface Statement {
  readonly effect: "allow" | "deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, unknown>>;
}

export interface Role {
  readonly name: string;
  readonly description: string;
  readonly statements: readonly Statement[];
  readonly builtIn: boolean;
}

/** A statement in words: "allow volume:* on *". */
export function statementWords({ effect, actions, resources, condition }: Statement): string {
  const only = condition === undefined ? "" : ` if ${JSON.stringify(condition)}`;
  return `${effect} ${actions.join(", ")} on ${resources.join(", ")}${only}`;
}
