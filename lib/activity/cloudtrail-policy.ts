import { isObject, type JsonObject, listAt, objectsAt, scalarText, textsAt } from "./cloudtrail-json.ts";

/** What a policy document gives away, as far as the rules for unusual activity care. */
export interface PolicyFacts {
  /** `admin`: every action on everything; `escalation`: actions with which one can take more. */
  readonly policyPower?: "admin" | "escalation";
  /** Anybody at all is let in, without a condition. */
  readonly publicPrincipal?: true;
  /** Accounts other than the own one that are let in, at most 20; identity providers by their ARN. */
  readonly trustsOutside?: readonly string[];
}

/** Actions that let their holder give themselves everything else (MITRE ATT&CK T1098, T1078.004). */
const ESCALATING: readonly RegExp[] = [
  /^(\*|iam:\*|sts:\*|organizations:\*)$/i,
  /^iam:(Put|Attach)/i,
  /^iam:Create(AccessKey|LoginProfile|PolicyVersion|User|Role)/i,
  /^iam:Update(AssumeRolePolicy|LoginProfile)/i,
  /^iam:(AddUserToGroup|SetDefaultPolicyVersion|PassRole)$/i,
  /^sts:AssumeRole$/i,
];
const DOCUMENT_LENGTH_MAX = 32_768;
const OUTSIDE_MAX = 20;

/** Managed policies of AWS that hand over an account, or the power to take it over. */
export function powerOfManagedPolicy(policyArn: string): PolicyFacts["policyPower"] {
  const name = policyArn.slice(policyArn.lastIndexOf("/") + 1);
  if (name === "AdministratorAccess") return "admin";
  return name === "IAMFullAccess" || name === "PowerUserAccess" ? "escalation" : undefined;
}

/** Reads a policy document, given as an object or as JSON text (URL-encoded or not). */
export function policyFacts(document: unknown, accountId: string | undefined): PolicyFacts {
  const policy = typeof document === "string" ? parsed(document) : document;
  if (!isObject(policy)) return {};
  const allowed = objectsAt(policy, "Statement").filter((statement) => statement["Effect"] === "Allow");
  const power = powerOf(allowed);
  const isPublic = allowed.some((statement) => !hasCondition(statement) && lets(statement).includes("*"));
  const outside = allowed.flatMap((statement) => lets(statement).filter((who) => isOutside(who, accountId)));
  return {
    ...(power === undefined ? {} : { policyPower: power }),
    ...(isPublic ? { publicPrincipal: true } : {}),
    ...(outside.length === 0 ? {} : { trustsOutside: [...new Set(outside)].slice(0, OUTSIDE_MAX) }),
  };
}

function powerOf(allowed: readonly JsonObject[]): PolicyFacts["policyPower"] {
  // A statement with a principal is on a resource: its actions are then those of the resource alone.
  const own = allowed.filter((statement) => !("Principal" in statement));
  const everything = own.filter((statement) => textsAt(statement, "Resource").includes("*"));
  const actions = everything.flatMap((statement) => textsAt(statement, "Action"));
  if (actions.includes("*") || actions.includes("*:*")) return "admin";
  return actions.some((action) => ESCALATING.some((pattern) => pattern.test(action)))
    ? "escalation"
    : undefined;
}

function hasCondition(statement: JsonObject): boolean {
  const condition = statement["Condition"];
  return isObject(condition) && Object.keys(condition).length > 0;
}

/** Whom a statement lets in: accounts, ARNs and `*`; services are AWS's own and left out. */
function lets(statement: JsonObject): readonly string[] {
  const principal = statement["Principal"];
  if (!isObject(principal)) return scalarText(principal) === "*" ? ["*"] : [];
  return ["AWS", "Federated"].flatMap((kind) =>
    listAt(principal, kind)
      .map(scalarText)
      .filter((text) => text !== undefined),
  );
}

function isOutside(who: string, accountId: string | undefined): boolean {
  const account = /^\d{12}$/.test(who) ? who : /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(who)?.[1];
  return account !== undefined && accountId !== undefined && account !== accountId;
}

function parsed(text: string): unknown {
  if (text.length > DOCUMENT_LENGTH_MAX) return undefined;
  try {
    return JSON.parse(text.startsWith("%") ? decodeURIComponent(text) : text);
  } catch {
    // Not a document: IAM itself would have refused it, and there is nothing to learn from it.
    return undefined;
  }
}
