import { preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import type { Role, Statement } from "../../../lib/access/statement.ts";
import type { Decider } from "../permission-case.ts";

const PRINCIPAL = { type: "User", id: "ada" };

/** Cedar: one policy for each statement, parsed once; the user's roles come with the request, as Cedar has it. */
export function cedarDecider(roles: readonly Role[]): Decider {
  const policies = roles.flatMap(({ name, statements }) => statements.map((one) => policyOf(name, one)));
  const parsed = preparsePolicySet("bench", { staticPolicies: policies.join("\n") });
  if (parsed.type !== "success")
    throw new Error(`Cedar does not take the policies: ${JSON.stringify(parsed)}`);
  const parents = roles.map(({ name }) => ({ type: "Role", id: name }));
  return ({ action, resource }) => {
    const answer = statefulIsAuthorized({
      principal: PRINCIPAL,
      action: { type: "Action", id: action },
      resource: { type: "Thing", id: resource },
      context: { action, resource },
      preparsedPolicySetId: "bench",
      entities: [{ uid: PRINCIPAL, attrs: {}, parents }],
    });
    if (answer.type !== "success") throw new Error(`Cedar does not decide: ${JSON.stringify(answer)}`);
    return answer.response.decision === "allow";
  };
}

function policyOf(role: string, { effect, actions, resources }: Statement): string {
  const [action = "", resource = ""] = [actions[0], resources[0]];
  const actionScope = action.includes("*") ? "action" : `action == Action::"${action}"`;
  const resourceScope = resource.includes("*") ? "resource" : `resource == Thing::"${resource}"`;
  const conditions = [
    ...(action.includes("*") ? [`context.action like "${action}"`] : []),
    ...(resource.includes("*") ? [`context.resource like "${resource}"`] : []),
  ];
  const when = conditions.length === 0 ? "" : ` when { ${conditions.join(" && ")} }`;
  const head = effect === "allow" ? "permit" : "forbid";
  return `${head}(principal in Role::"${role}", ${actionScope}, ${resourceScope})${when};`;
}
