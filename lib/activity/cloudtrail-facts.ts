import { cut, type JsonObject, objectAt, objectsAt, scalarsOf, textAt, textsAt } from "./cloudtrail-json.ts";
import { policyFacts, powerOfManagedPolicy } from "./cloudtrail-policy.ts";
import { type CloudTrailCall, resourceOf, secretName, targetsOf } from "./cloudtrail-resource.ts";

/** Facts of one call, by the names that `lib/activity/README.md` lists. */
export type Facts = Readonly<Record<string, unknown>>;

type FactReader = (call: CloudTrailCall) => Facts;

const TEXT_LENGTH_MAX = 256;
const LIST_LENGTH_MAX = 50;

/**
 * Parameters that are kept as they are. Never one that can hold a secret: this list is what keeps them out.
 */
const KEPT_PARAMETERS = [
  "attribute",
  "attributeName",
  "attributeType",
  "dBInstanceClass",
  "documentName",
  "engine",
  "groupName",
  "instanceType",
  "policyArn",
  "policyName",
  "roleArn",
  "roleSessionName",
] as const;

/** Where the request of any service may hold a policy document. */
const POLICY_PARAMETERS = [
  "policyDocument",
  "assumeRolePolicyDocument",
  "bucketPolicy",
  "policy",
  "policyText",
  "resourcePolicy",
] as const;

/**
 * The facts of a call that the rules for unusual activity need, each bounded: at most 50 elements of at most
 * 256 characters. Parameters that no reader names are not kept.
 */
export function factsOf(call: CloudTrailCall): Facts {
  const action = call.eventName.replace(/\d{8}(v\d+)?$/, "");
  return {
    ...keptParameters(call.request),
    ...targetFacts(call),
    ...documentFacts(call),
    ...(READERS.get(action)?.(call) ?? {}),
  };
}

/** A map, because an action may be called `constructor`. */
const READERS: ReadonlyMap<string, FactReader> = new Map<string, FactReader>(
  Object.entries({
    AddPermission: ({ request, accountId }) => grantee(textAt(request, "principal"), accountId),
    AttachGroupPolicy: ({ request }) => managedPolicy(request),
    AttachRolePolicy: ({ request }) => managedPolicy(request),
    AttachUserPolicy: ({ request }) => managedPolicy(request),
    AuthorizeSecurityGroupIngress: ({ request }) => ({ openPorts: worldOpenPorts(request) }),
    BatchGetSecretValue: ({ request }) =>
      secrets(textsAt(request, "secretIdList"), !("secretIdList" in request)),
    CreateBucket: ({ request }) => publicAcl(request),
    CreateDBInstance: ({ request }) => publiclyAccessible(request),
    CreateFunctionUrlConfig: ({ request }) =>
      textAt(request, "authType") === "NONE" ? { publicPrincipal: true } : {},
    CreateTrail: ({ request }) => textFact("logBucket", textAt(request, "s3BucketName")),
    GetParameter: ({ request }) => parameters(request, [textAt(request, "name")]),
    GetParameters: ({ request }) => parameters(request, textsAt(request, "names")),
    GetParametersByPath: ({ request }) => parameters(request, [textAt(request, "path")], true),
    GetSecretValue: ({ request }) => secrets([textAt(request, "secretId")]),
    ModifyDBClusterSnapshotAttribute: ({ request, accountId }) => restoreShare(request, accountId),
    ModifyDBInstance: ({ request }) => publiclyAccessible(request),
    ModifyDBSnapshotAttribute: ({ request, accountId }) => restoreShare(request, accountId),
    ModifyImageAttribute: ({ request, accountId }) =>
      shared(addedTo(objectAt(request, "launchPermission")), accountId),
    ModifySnapshotAttribute: ({ request, accountId }) =>
      shared(addedTo(objectAt(request, "createVolumePermission")), accountId),
    PutBucketAcl: ({ request }) => publicAcl(request),
    PutBucketLifecycle: ({ request }) => expiry(request),
    PutBucketLifecycleConfiguration: ({ request }) => expiry(request),
    PutBucketLogging: ({ request }) => ({
      loggingReduced: !JSON.stringify(request).includes("LoggingEnabled"),
    }),
    PutAccountPublicAccessBlock: ({ request }) => publicAccessBlock(request),
    PutBucketPublicAccessBlock: ({ request }) => publicAccessBlock(request),
    PutEventSelectors: ({ request }) => ({ loggingReduced: !recordsManagementEvents(request) }),
    PutObjectAcl: ({ request }) => publicAcl(request),
    PutPublicAccessBlock: ({ request }) => publicAccessBlock(request),
    UpdateDetector: ({ request }) => ({ loggingReduced: textAt(request, "enable") === "false" }),
    UpdateTrail: ({ request }) => ({ loggingReduced: narrowsTrail(request) }),
  } satisfies Readonly<Record<string, FactReader>>),
);

function keptParameters(request: JsonObject): Facts {
  const facts: Record<string, unknown> = {};
  for (const name of KEPT_PARAMETERS) {
    const text = textAt(request, name);
    if (text !== undefined && text !== "") facts[name] = cut(text, TEXT_LENGTH_MAX);
  }
  return facts;
}

function targetFacts(call: CloudTrailCall): Facts {
  const isRead = /^(Get|List|Describe|BatchGet)/.test(call.eventName);
  const targets = isRead ? [] : targetsOf(call, resourceOf(call));
  const user = textAt(call.request, "userName");
  return {
    ...(targets.length === 0 ? {} : { targets: bounded(targets) }),
    ...textFact("targetUser", user === "" ? undefined : user),
  };
}

function documentFacts({ request, accountId }: CloudTrailCall): Facts {
  const document = POLICY_PARAMETERS.map((name) => request[name]).find(
    (value) => value !== undefined && value !== "",
  );
  return { ...policyFacts(document ?? settingPolicy(request), accountId) };
}

/** SNS and SQS set a policy as one attribute among others. */
function settingPolicy(request: JsonObject): unknown {
  if (textAt(request, "attributeName") === "Policy") return request["attributeValue"];
  return objectAt(request, "attributes")["Policy"];
}

function managedPolicy(request: JsonObject): Facts {
  const power = powerOfManagedPolicy(textAt(request, "policyArn") ?? "");
  return power === undefined ? {} : { policyPower: power };
}

function secrets(names: readonly (string | undefined)[], isBulk = false): Facts {
  const known = names.filter((name) => name !== undefined).map(secretName);
  return { secretNames: bounded(known), ...(isBulk ? { secretsBulk: true } : {}) };
}

/** A SecureString that is not decrypted gives nothing away. */
function parameters(request: JsonObject, names: readonly (string | undefined)[], isBulk = false): Facts {
  return textAt(request, "withDecryption") === "true" ? secrets(names, isBulk) : {};
}

function worldOpenPorts(request: JsonObject): readonly string[] {
  const rules = [request, ...objectsAt(request, "ipPermissions")];
  return bounded(rules.filter(isOpenToWorld).map(portsOf));
}

function isOpenToWorld(rule: JsonObject): boolean {
  const ranges = [rule, ...objectsAt(rule, "ipRanges"), ...objectsAt(rule, "ipv6Ranges")].flatMap((range) => [
    textAt(range, "cidrIp"),
    textAt(range, "cidrIpv6"),
  ]);
  return ranges.some((range) => range?.endsWith("/0") === true);
}

function portsOf(rule: JsonObject): string {
  const from = textAt(rule, "fromPort");
  if (from === undefined || from === "-1" || textAt(rule, "ipProtocol") === "-1") return "all";
  const to = textAt(rule, "toPort") ?? from;
  return from === to ? from : `${from}-${to}`;
}

function addedTo(permission: JsonObject): readonly (string | undefined)[] {
  return objectsAt(permission, "add").flatMap((entry) => [
    textAt(entry, "userId"),
    textAt(entry, "group"),
    textAt(entry, "organizationArn"),
  ]);
}

function restoreShare(request: JsonObject, accountId: string | undefined): Facts {
  return textAt(request, "attributeName") === "restore"
    ? shared(textsAt(request, "valuesToAdd"), accountId)
    : {};
}

function shared(accounts: readonly (string | undefined)[], ownAccountId: string | undefined): Facts {
  const others = accounts.filter((account) => account !== undefined && account !== ownAccountId);
  return others.length === 0
    ? {}
    : { sharedWith: bounded(others.filter((account) => account !== undefined)) };
}

function grantee(principal: string | undefined, accountId: string | undefined): Facts {
  if (principal === "*") return { publicPrincipal: true };
  const account = /\d{12}/.exec(principal ?? "")?.[0];
  return account === undefined || account === accountId ? {} : { sharedWith: [account] };
}

function publicAcl(request: JsonObject): Facts {
  const isPublic = scalarsOf(request).some(
    ({ name, value }) =>
      (name === "x-amz-acl" && /^(public-read|authenticated-read)/.test(value)) ||
      /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/.test(value),
  );
  return isPublic ? { publicPrincipal: true } : {};
}

function publiclyAccessible(request: JsonObject): Facts {
  return textAt(request, "publiclyAccessible") === "true" ? { publicPrincipal: true } : {};
}

function publicAccessBlock(request: JsonObject): Facts {
  const isOff = scalarsOf(request).some(
    ({ name, value }) => /^(blockpublic|ignorepublic|restrictpublic)/.test(name) && value === "false",
  );
  return isOff ? { publicAccessUnblocked: true } : {};
}

function recordsManagementEvents(request: JsonObject): boolean {
  const basic = objectsAt(request, "eventSelectors").some(
    (selector) =>
      textAt(selector, "includeManagementEvents") !== "false" &&
      (textAt(selector, "readWriteType") ?? "All") === "All" &&
      textsAt(selector, "excludeManagementEventSources").length === 0,
  );
  const advanced = objectsAt(request, "advancedEventSelectors").some((selector) =>
    objectsAt(selector, "fieldSelectors").some((field) => textsAt(field, "equals").includes("Management")),
  );
  return basic || advanced;
}

function narrowsTrail(request: JsonObject): boolean {
  return ["isMultiRegionTrail", "includeGlobalServiceEvents", "enableLogFileValidation"].some(
    (name) => textAt(request, name) === "false",
  );
}

/** The shortest life that an enabled lifecycle rule leaves to objects, in days. */
function expiry(request: JsonObject): Facts {
  const configuration = objectAt(request, "LifecycleConfiguration");
  const rules = [...objectsAt(configuration, "Rule"), ...objectsAt(configuration, "Rules")];
  const days = rules
    .filter((rule) => textAt(rule, "Status") === "Enabled")
    .map((rule) => Number(textAt(objectAt(rule, "Expiration"), "Days")))
    .filter((count) => Number.isFinite(count) && count > 0);
  return days.length === 0 ? {} : { expireDays: Math.min(...days) };
}

function textFact(name: string, text: string | undefined): Facts {
  return text === undefined ? {} : { [name]: cut(text, TEXT_LENGTH_MAX) };
}

function bounded(texts: readonly string[]): readonly string[] {
  return texts.slice(0, LIST_LENGTH_MAX).map((text) => cut(text, TEXT_LENGTH_MAX));
}
