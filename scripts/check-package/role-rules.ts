import { at, listAt, namesIn, ofType, type Resource, type Stack } from "./stack.ts";

/** What AWS lets nobody name a resource for (Service Authorization Reference, AWS X-Ray: segments belong to none). */
const WITHOUT_RESOURCE: ReadonlySet<string> = new Set(["xray:PutTraceSegments", "xray:PutTelemetryRecords"]);

/** A message to a phone has no ARN: it falls under "all but topics" (Amazon SNS, "Using identity-based policies"). */
const BY_EXCLUSION: ReadonlySet<string> = new Set(["sns:Publish"]);

/** Each function has a role of its own, and each role is a function's. */
export function ownRoles(stack: Stack): readonly string[] {
  const users = Map.groupBy(
    ofType(stack, "AWS::Lambda::Function").flatMap(([name, { Properties }]) =>
      namesIn(Properties["Role"]).map((role) => ({ name, role })),
    ),
    ({ role }) => role,
  );
  const without = ofType(stack, "AWS::Lambda::Function").filter(
    ([, { Properties }]) => stack.resources[namesIn(Properties["Role"])[0] ?? ""] === undefined,
  );
  return [
    ...without.map(([name]) => `${name} has no role of this stack`),
    ...[...users].flatMap(([role, by]) =>
      by.length > 1 ? [`${role} is the role of ${by.map(({ name }) => name).join(" and ")}`] : [],
    ),
    ...ofType(stack, "AWS::IAM::Role").flatMap(([name]) =>
      users.has(name) ? [] : [`${name} is no function's role`],
    ),
  ];
}

/** Roles allow named actions on named resources. */
export function leastPrivilege(stack: Stack): readonly string[] {
  return ofType(stack, "AWS::IAM::Role").flatMap(([name, role]) => [
    ...listAt(role.Properties, "ManagedPolicyArns").map(
      (policy) => `${name} has the managed policy ${String(policy)}`,
    ),
    ...allowed(role).flatMap((statement) => tooWide(name, statement)),
  ]);
}

/** Nobody may change or delete a record of the log. */
export function appendOnlyLog(stack: Stack): readonly string[] {
  return ofType(stack, "AWS::IAM::Role").flatMap(([name, role]) =>
    allowed(role)
      .filter((statement) => JSON.stringify(at(statement, "Resource") ?? "").includes("ActivityTable"))
      .flatMap((statement) => listAt(statement, "Action").map(String))
      .filter((action) => /Update|Delete|PartiQL|BatchWrite/.test(action))
      .map((action) => `${name} may ${action} on the activity table`),
  );
}

function allowed({ Properties }: Resource): readonly unknown[] {
  return listAt(Properties, "Policies")
    .flatMap((policy) => listAt(policy, "PolicyDocument", "Statement"))
    .filter((statement) => at(statement, "Effect") === "Allow");
}

function tooWide(role: string, statement: unknown): readonly string[] {
  const actions = listAt(statement, "Action").map(String);
  const resources = listAt(statement, "Resource");
  const problems = actions
    .filter((action) => action.includes("*"))
    .map((action) => `${role} may ${action}, which is not one action`);
  if (at(statement, "NotAction") !== undefined) problems.push(`${role} may do all but some actions`);
  if (resources.some(isEverything) && !actions.every((action) => WITHOUT_RESOURCE.has(action))) {
    problems.push(`${role} may ${actions.join(", ")} on every resource`);
  }
  if (resources.length === 0 && !actions.every((action) => BY_EXCLUSION.has(action))) {
    problems.push(`${role} may ${actions.join(", ")} on all but some resources`);
  }
  return problems;
}

/** `*`, and an ARN that names a service alone. */
function isEverything(resource: unknown): boolean {
  const text = typeof resource === "string" ? resource : at(resource, "Fn::Sub");
  if (typeof text !== "string") return false;
  return text === "*" || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:\*$/.test(text.replaceAll(/\$\{[^}]*\}/g, "x"));
}
