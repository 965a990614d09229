import { createMongoAbility, type MongoAbility, type RawRuleOf, subject } from "@casl/ability";
import type { Role } from "../../../lib/access/statement.ts";
import type { Decider } from "../permission-case.ts";

type Rule = RawRuleOf<MongoAbility>;

/** CASL: the noun is the subject's type, `*` is `manage` and `all`; denies come last, where they overrule. */
export function caslDecider(roles: readonly Role[]): Decider {
  const statements = roles.flatMap((role) => role.statements);
  const allows = statements.filter(({ effect }) => effect === "allow");
  const denies = statements.filter(({ effect }) => effect === "deny");
  const rules: Rule[] = [...allows, ...denies].map(({ effect, actions, resources }) => {
    const [noun = "", verb = ""] = (actions[0] ?? "").split(":");
    return {
      action: verb === "*" ? "manage" : verb,
      subject: noun === "*" ? "all" : noun,
      inverted: effect === "deny",
      ...conditionsOf(resources[0] ?? ""),
    };
  });
  const ability = createMongoAbility(rules);
  return ({ action, resource }) => {
    const [noun = "", verb = ""] = action.split(":");
    return ability.can(verb, subject(noun, { id: resource }));
  };
}

function conditionsOf(resource: string): Pick<Rule, "conditions"> {
  if (resource === "*" || resource.endsWith("/*")) return {};
  const id = resource.endsWith("*") ? { $regex: new RegExp(`^${resource.slice(0, -1)}`) } : resource;
  return { conditions: { id } };
}
