import type { ResourceRef } from "./activity.ts";
import {
  cut,
  isObject,
  type JsonObject,
  type Scalar,
  scalarsOf,
  textAt,
  textsAt,
} from "./cloudtrail-json.ts";

/** One call as the parts of its CloudTrail record that say what it was about. */
export interface CloudTrailCall {
  readonly service: string;
  readonly eventName: string;
  readonly request: JsonObject;
  readonly response: JsonObject;
  readonly accountId: string | undefined;
  readonly event: JsonObject;
}

const ID_LENGTH_MAX = 512;

/** Parameters that name a resource, the more telling first, with the type of what they name. */
const NAMING_PARAMETERS: readonly (readonly [string, string])[] = [
  ["instanceid", "instance"],
  ["instanceids", "instance"],
  ["volumeid", "volume"],
  ["snapshotid", "snapshot"],
  ["groupid", "security_group"],
  ["dbinstanceidentifier", "db_instance"],
  ["dbsnapshotidentifier", "db_snapshot"],
  ["dbclusteridentifier", "db_cluster"],
  ["dbclustersnapshotidentifier", "db_cluster_snapshot"],
  ["username", "user"],
  ["rolename", "role"],
  ["groupname", "group"],
  ["policyarn", "policy"],
  ["bucketname", "bucket"],
  ["bucket", "bucket"],
  ["secretid", "secret"],
  ["trailname", "trail"],
  ["flowlogid", "flow_log"],
  ["flowlogidset", "flow_log"],
  ["detectorid", "detector"],
  ["functionname", "function"],
  ["loggroupname", "log_group"],
  ["routetableid", "route_table"],
  ["subnetid", "subnet"],
  ["vpcid", "vpc"],
  ["imageid", "image"],
  ["keyid", "kms_key"],
  ["rolearn", "role"],
  ["allocationid", "address"],
];

/** What a bare `name` names, by service. */
const NAMED_BY_SERVICE: ReadonlyMap<string, string> = new Map([
  ["cloudtrail", "trail"],
  ["secretsmanager", "secret"],
  ["ssm", "parameter"],
]);

/**
 * What a call was about: for a creation what its answer names, else the first of CloudTrail's own
 * `resources`, else what the parameters name. `undefined` where none says so.
 */
export function resourceOf(call: CloudTrailCall): ResourceRef | undefined {
  const noun = nounOf(call.eventName);
  const answer = scalarsOf(call.response);
  const made = isCreation(call.eventName)
    ? (namedAfter(noun, answer) ?? namedByParameter(answer))
    : undefined;
  if (made !== undefined) return normalised(made, call.accountId);
  const listed = listedResources(call).at(0);
  if (listed !== undefined) return listed;
  const asked = scalarsOf(call.request);
  const named =
    namedAfter(noun, asked) ??
    namedByService(call) ??
    namedByParameter(asked) ??
    namedByParameter(scalarsOf(call.response));
  const resource = named ?? namedInRefusal(call.event);
  return resource === undefined ? undefined : normalised(resource, call.accountId);
}

/** The ids of the further resources that one call was about (`TerminateInstances` of many), at most 50. */
export function targetsOf(call: CloudTrailCall, first: ResourceRef | undefined): readonly string[] {
  if (first === undefined) return [];
  const listed = listedResources(call).filter(({ type }) => type === first.type);
  const noun = nounOf(call.eventName);
  const same = scalarsOf(call.request).filter(({ name }) => namesResource(name, noun, first.type));
  const ids = [
    ...listed.map(({ id }) => id),
    ...same.map(({ value }) => normalised({ type: first.type, id: value }, call.accountId).id),
  ];
  const distinct = [...new Set(ids)].slice(0, 50);
  return distinct.length > 1 ? distinct : [];
}

/**
 * A secret's name, whether it was named by name or by ARN (whose last six characters Secrets Manager adds).
 */
export function secretName(nameOrArn: string): string {
  const fromArn = /:secret:(.+?)(-[A-Za-z0-9]{6})?$/.exec(nameOrArn);
  return fromArn?.[1] ?? nameOrArn;
}

function isCreation(eventName: string): boolean {
  return /^(Create|Run|Allocate|Register|Import|Copy|Restore)/.test(eventName);
}

/** `TerminateInstances` → `Instance`, `CreateFlowLogs` → `FlowLog`. */
function nounOf(eventName: string): string {
  const noun = eventName.replace(/\d{8}(v\d+)?$/, "").replace(/^[A-Z][a-z]+/, "");
  return noun.endsWith("sses") ? noun.slice(0, -2) : noun.replace(/(?<!s)s$/, "");
}

/** What follows a noun in the name of its parameter; the name comes first, because deletions go by it. */
const NAME_ENDINGS = ["name", "identifier", "id", "idset"] as const;

function namedAfter(noun: string, scalars: readonly Scalar[]): ResourceRef | undefined {
  if (noun === "") return undefined;
  for (const ending of NAME_ENDINGS) {
    const found = scalars.find(({ name }) => name === `${noun.toLowerCase()}${ending}`);
    if (found !== undefined) return { type: snakeCase(noun), id: found.value };
  }
  return undefined;
}

function isNamedAfter(name: string, noun: string): boolean {
  return NAME_ENDINGS.some((ending) => name === `${noun.toLowerCase()}${ending}`);
}

function namesResource(name: string, noun: string, type: string): boolean {
  return (
    (noun !== "" && snakeCase(noun) === type && isNamedAfter(name, noun)) ||
    NAMING_PARAMETERS.some(([parameter, named]) => parameter === name && named === type) ||
    (type === "parameter" && name === "names")
  );
}

/** A refused call often comes without its parameters, but AWS's message says what was refused. */
function namedInRefusal(event: JsonObject): ResourceRef | undefined {
  const arn = /on resource: (arn:[^\s,"']+)/.exec(textAt(event, "errorMessage") ?? "")?.[1];
  return arn === undefined ? undefined : { type: "", id: arn };
}

function namedByService(call: CloudTrailCall): ResourceRef | undefined {
  const type = NAMED_BY_SERVICE.get(call.service);
  if (type === "parameter" && !call.eventName.includes("Parameter")) return undefined;
  const id = textAt(call.request, "name") ?? textsAt(call.request, "names").at(0);
  return type === undefined || id === undefined ? undefined : { type, id };
}

function namedByParameter(scalars: readonly Scalar[]): ResourceRef | undefined {
  for (const [parameter, type] of NAMING_PARAMETERS) {
    const found = scalars.find(({ name }) => name === parameter);
    if (found !== undefined) return { type, id: found.value };
  }
  return undefined;
}

function listedResources(call: CloudTrailCall): readonly ResourceRef[] {
  const { resources } = call.event;
  if (!Array.isArray(resources)) return [];
  return resources
    .filter(isObject)
    .map((resource) => textAt(resource, "ARN"))
    .filter((arn) => arn?.startsWith("arn:") === true)
    .map((arn) => fromArn(arn ?? "", call.accountId));
}

function normalised(resource: ResourceRef, accountId: string | undefined): ResourceRef {
  if (resource.id.startsWith("arn:")) return fromArn(resource.id, accountId);
  return { type: resource.type, id: cut(resource.id, ID_LENGTH_MAX) };
}

/** Splits an ARN into type and name. The whole ARN stays the id where it belongs to another account. */
function fromArn(arn: string, accountId: string | undefined): ResourceRef {
  const [, , service = "", , owner = "", ...rest] = arn.split(":");
  const path = rest.join(":");
  if (service === "s3")
    return { type: path.includes("/") ? "object" : "bucket", id: cut(path, ID_LENGTH_MAX) };
  const end = path.search(/[/:]/);
  const type = end < 0 ? service : snakeCase(path.slice(0, end));
  const isForeign = owner !== "" && accountId !== undefined && owner !== accountId;
  if (isForeign) return { type, id: cut(arn, ID_LENGTH_MAX) };
  return {
    type: type === "key" ? "kms_key" : type,
    id: cut(ownName(type, path.slice(end + 1), arn), ID_LENGTH_MAX),
  };
}

function ownName(type: string, name: string, arn: string): string {
  if (type === "secret") return secretName(arn);
  if (type === "parameter" && name.includes("/")) return `/${name}`;
  return ["policy", "role", "user"].includes(type) ? name.slice(name.lastIndexOf("/") + 1) : name;
}

/** `DBInstance` → `db_instance`, `log-group` → `log_group`. */
function snakeCase(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
}
