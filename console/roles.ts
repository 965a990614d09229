import type { Schemas } from "../client/api.ts";
/** One rule of a role (contract section 4). */
export type Statement = Schemas["Statement"];

export type Role = Schemas["Role"];

/** A statement in words: "allow volume:* on *". */
export function statementWords({ effect, actions, resources, condition }: Statement): string {
  const only = condition === undefined ? "" : ` if ${JSON.stringify(condition)}`;
  return `${effect} ${actions.join(", ")} on ${resources.join(", ")}${only}`;
}
