import {
  accessLog,
  deletionProtection,
  encryption,
  logRetention,
  pointInTimeRecovery,
} from "./data-rules.ts";
import { references, routeSettings } from "./reference-rules.ts";
import { appendOnlyLog, leastPrivilege, ownRoles } from "./role-rules.ts";
import {
  alarms,
  deadLetters,
  edge,
  functionSettings,
  reservedConcurrency,
  throttling,
} from "./service-rules.ts";
import { decide, type Stack, type Template } from "./stack.ts";

/** CloudFormation refuses a stack of more than 500, conditional ones included; the rest is room to grow. */
export const RESOURCES_MAX = 350;

/** A rule names what breaks it, a line each. */
type Rule = (stack: Stack) => readonly string[];

/** What the template is held to, by name. */
export const RULES = {
  references,
  "route settings": routeSettings,
  "own role": ownRoles,
  "least privilege": leastPrivilege,
  "append-only log": appendOnlyLog,
  encryption,
  "point-in-time recovery": pointInTimeRecovery,
  "deletion protection": deletionProtection,
  "log retention": logRetention,
  "access log": accessLog,
  alarms,
  "dead letters": deadLetters,
  "reserved concurrency": reservedConcurrency,
  throttling,
  "function settings": functionSettings,
  edge,
} as const satisfies Readonly<Record<string, Rule>>;

/** Holds a template to every rule, as it is packaged and with all that is conditional. `[]` when all hold. */
export function checkTemplate(template: Template): readonly string[] {
  const count = Object.keys(template.Resources).length;
  const stacks = [decide(template, "as packaged"), decide(template, "all true")];
  const broken = Object.entries(RULES).flatMap(([name, rule]) =>
    stacks.flatMap((stack) => rule(stack).map((line) => `${name}: ${line}`)),
  );
  return [
    ...(count > RESOURCES_MAX
      ? [`size: the stack has ${count} resources: at most ${RESOURCES_MAX} are wanted`]
      : []),
    ...new Set(broken),
  ];
}
