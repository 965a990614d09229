import { invalidField } from "../errors.ts";
import { tryParseRfc3339 } from "../time.ts";
import type { ActivityRecord } from "./activity.ts";
import { actorOf, identityFacts } from "./cloudtrail-actor.ts";
import { factsOf } from "./cloudtrail-facts.ts";
import { cut, isObject, type JsonObject, objectAt, textAt } from "./cloudtrail-json.ts";
import { outcomeOf } from "./cloudtrail-outcome.ts";
import { resourceOf } from "./cloudtrail-resource.ts";

/** A record that another service brings, as contract section 5 takes it: `id` is the sender's own. */
export type BroughtRecord = Pick<
  ActivityRecord,
  "timeMs" | "actor" | "action" | "resource" | "outcome" | "errorCode" | "ip" | "userAgent" | "attributes"
> & { readonly id: string; readonly requestId?: string };

/** A record that was not taken, by its place in the file. */
export interface RejectedRecord {
  readonly index: number;
  readonly code: "activity.invalid";
  readonly message: string;
}

/** What became of a CloudTrail file. */
export interface MappedCloudTrail {
  readonly records: readonly { readonly index: number; readonly record: BroughtRecord }[];
  readonly rejected: readonly RejectedRecord[];
}

const ID_LENGTH_MAX = 128;
const USER_AGENT_LENGTH_MAX = 512;
const ERROR_CODE_LENGTH_MAX = 128;
const MESSAGE_LENGTH_MAX = 300;
const EVENT_NAME = /^[A-Za-z0-9_.:-]{1,128}$/;
const EVENT_SOURCE = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*$/i;

/**
 * Reads a CloudTrail file (`{"Records": […]}`) as activity: unknown members are ignored, malformed records
 * are rejected one by one, and of the parameters only what `cloudtrail-facts.ts` names is kept, so that no
 * secret enters.
 * @throws AppError `request.invalid` where the file has no `Records`
 */
export function toActivityRecords(file: unknown): MappedCloudTrail {
  const list = isObject(file) ? file["Records"] : undefined;
  if (!Array.isArray(list)) throw invalidField("/Records", "must be the array of a CloudTrail file");
  const records: MappedCloudTrail["records"][number][] = [];
  const rejected: RejectedRecord[] = [];
  for (const [index, event] of list.entries()) {
    const problem = problemWith(event);
    if (problem === undefined) records.push({ index, record: toRecord(event) });
    else rejected.push({ index, code: "activity.invalid", message: problem });
  }
  return { records, rejected };
}

function toRecord(event: JsonObject): BroughtRecord {
  const service = serviceOf(event);
  const eventName = textAt(event, "eventName") ?? "";
  const request = objectAt(event, "requestParameters");
  const response = objectAt(event, "responseElements");
  const accountId =
    textAt(event, "recipientAccountId") ?? textAt(objectAt(event, "userIdentity"), "accountId");
  const call = { service, eventName, request, response, accountId, event };
  const resource = resourceOf(call);
  const errorCode = textAt(event, "errorCode");
  const requestId = textAt(event, "requestID");
  const errorMessage = textAt(event, "errorMessage");
  return {
    id: textAt(event, "eventID") ?? "",
    timeMs: tryParseRfc3339(textAt(event, "eventTime") ?? "") ?? 0,
    actor: actorOf(objectAt(event, "userIdentity")),
    action: `${service}:${eventName}`,
    ...(resource === undefined ? {} : { resource }),
    outcome: outcomeOf(errorCode, response),
    ...(errorCode === undefined ? {} : { errorCode: cut(errorCode, ERROR_CODE_LENGTH_MAX) }),
    ip: cut(textAt(event, "sourceIPAddress") ?? "", ID_LENGTH_MAX),
    userAgent: cut(textAt(event, "userAgent") ?? "", USER_AGENT_LENGTH_MAX),
    ...(requestId === undefined ? {} : { requestId: cut(requestId, ID_LENGTH_MAX) }),
    attributes: {
      ...originFacts(event),
      ...identityFacts(objectAt(event, "userIdentity")),
      ...(errorMessage === undefined ? {} : { errorMessage: cut(errorMessage, MESSAGE_LENGTH_MAX) }),
      ...factsOf(call),
    },
  };
}

function serviceOf(event: JsonObject): string {
  return (textAt(event, "eventSource") ?? "").replace(/\.amazonaws\.com(\.cn)?$/, "").toLowerCase();
}

function originFacts(event: JsonObject): Readonly<Record<string, unknown>> {
  const names = { region: "awsRegion", eventType: "eventType", accountId: "recipientAccountId" };
  const facts: Record<string, unknown> = {};
  for (const [fact, member] of Object.entries(names)) {
    const text = textAt(event, member);
    if (text !== undefined) facts[fact] = cut(text, ID_LENGTH_MAX);
  }
  if (typeof event["readOnly"] === "boolean") facts["readOnly"] = event["readOnly"];
  return facts;
}

function problemWith(event: unknown): string | undefined {
  if (!isObject(event)) return "must be a CloudTrail record";
  const id = event["eventID"];
  if (typeof id !== "string" || id.length === 0 || id.length > ID_LENGTH_MAX || !id.isWellFormed()) {
    return `eventID must have 1 to ${ID_LENGTH_MAX} characters`;
  }
  const time = event["eventTime"];
  if (typeof time !== "string" || tryParseRfc3339(time) === undefined) {
    return "eventTime must be an RFC 3339 time with a zone";
  }
  if (!matches(event["eventSource"], EVENT_SOURCE)) return "eventSource must be the host name of a service";
  if (!matches(event["eventName"], EVENT_NAME)) return "eventName must be the name of an action";
  if (!isObject(event["userIdentity"])) return "userIdentity must be an object";
  return wrongType(event);
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && value.length <= ID_LENGTH_MAX && pattern.test(value);
}

function wrongType(event: JsonObject): string | undefined {
  const texts = ["sourceIPAddress", "userAgent", "errorCode", "errorMessage", "awsRegion", "requestID"];
  for (const name of texts) {
    const value = event[name];
    if (value !== undefined && value !== null && typeof value !== "string") return `${name} must be a string`;
  }
  for (const name of ["requestParameters", "responseElements"]) {
    const value = event[name];
    if (value !== undefined && value !== null && !isObject(value)) return `${name} must be an object or null`;
  }
  const resources = event["resources"];
  if (resources !== undefined && resources !== null && !Array.isArray(resources)) {
    return "resources must be an array";
  }
  return undefined;
}
