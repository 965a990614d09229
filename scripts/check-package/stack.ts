/** One resource of a CloudFormation template. */
export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Properties;
}

/** What a template says of a resource: any JSON. */
export type Properties = Readonly<Record<string, unknown>>;

/** A CloudFormation template, as far as it is checked. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

/** A template whose conditions are decided: what is not made is left out, and of each choice one side is there. */
export interface Stack {
  readonly resources: Readonly<Record<string, Resource>>;
}

/** The stack as it is packaged, or with all that is conditional. */
export function decide(template: Template, conditions: "as packaged" | "all true"): Stack {
  const { Conditions: written = {}, Resources: resources } = template;
  const holds = (name: string): boolean => conditions === "all true" || isTrue(written[name], holds);
  const made = Object.entries(resources).filter(
    ([, { Condition: condition }]) => condition === undefined || holds(condition),
  );
  return { resources: Object.fromEntries(made.map(([name, one]) => [name, chosen(one, holds) as Resource])) };
}

/** The resources of one type, with their logical names. */
export function ofType(stack: Stack, type: string): ReadonlyArray<readonly [string, Resource]> {
  return Object.entries(stack.resources).filter(([, resource]) => resource.Type === type);
}

/** What is at a path of names in a document; `undefined` where it ends before. */
export function at(document: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    document,
  );
}

/** What is at a path, as a list: one alone counts as a list of itself, and nothing as none. */
export function listAt(document: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = at(document, ...path);
  return value === undefined ? [] : [value].flat();
}

/** The logical names that a value points to, by `Ref` or `Fn::GetAtt`, at any depth. */
export function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === "Ref") return [String(inner)];
    return key === "Fn::GetAtt" ? [String([inner].flat()[0]).split(".")[0] ?? ""] : namesIn(inner);
  });
}

type Holds = (name: string) => boolean;

function isTrue(condition: unknown, holds: Holds): boolean {
  if (!isRecord(condition)) throw new Error("A condition is not one that the check knows.");
  const [[key, value] = ["", undefined]] = Object.entries(condition);
  const parts = [value].flat();
  switch (key) {
    case "Condition":
      return holds(String(value));
    case "Fn::Equals":
      return String(parts[0]) === String(parts[1]);
    case "Fn::Not":
      return !isTrue(parts[0], holds);
    case "Fn::And":
      return parts.every((part) => isTrue(part, holds));
    case "Fn::Or":
      return parts.some((part) => isTrue(part, holds));
    default:
      throw new Error(`The check does not know the condition ${key}.`);
  }
}

function chosen(value: unknown, holds: Holds): unknown {
  if (Array.isArray(value)) return value.map((one) => chosen(one, holds)).filter((one) => one !== undefined);
  if (!isRecord(value)) return value;
  if (value["Ref"] === "AWS::NoValue") return undefined;
  const choice = value["Fn::If"];
  if (Array.isArray(choice)) return chosen(choice[holds(String(choice[0])) ? 1 : 2], holds);
  const members = Object.entries(value).map(([key, inner]) => [key, chosen(inner, holds)] as const);
  return Object.fromEntries(members.filter(([, inner]) => inner !== undefined));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
