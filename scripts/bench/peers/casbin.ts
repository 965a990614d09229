import { newEnforcer, newModelFromString } from "casbin";
import type { Role } from "../../../lib/access/statement.ts";
import type { Decider } from "../permission-case.ts";

const MODEL = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = g(r.sub, p.sub) && keyMatch(r.obj, p.obj) && globMatch(r.act, p.act)
`;

/** casbin: its model of roles with deny-override, and its own matching functions. */
export async function casbinDecider(roles: readonly Role[]): Promise<Decider> {
  const enforcer = await newEnforcer(newModelFromString(MODEL));
  for (const { name, statements } of roles) {
    await enforcer.addGroupingPolicy("ada", name);
    for (const { effect, actions, resources } of statements) {
      await enforcer.addPolicy(name, resources[0] ?? "", actions[0] ?? "", effect);
    }
  }
  return ({ action, resource }) => enforcer.enforceSync("ada", resource, action);
}
