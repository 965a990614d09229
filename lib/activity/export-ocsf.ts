import type { ActivityRecord } from "./activity.ts";

/** An event of the Open Cybersecurity Schema Framework. */
export type OcsfEvent = Readonly<Record<string, unknown>>;

/** The version that is written; what is used of it has the same meaning in 1.1 and up to 1.8. */
const OCSF_VERSION = "1.3.0";
const PRODUCT = { name: "Active Session", vendor_name: "Active Session" };

const API_ACTIVITY = {
  class_uid: 6003,
  class_name: "API Activity",
  category_uid: 6,
  category_name: "Application Activity",
};
const AUTHENTICATION = {
  class_uid: 3002,
  class_name: "Authentication",
  category_uid: 3,
  category_name: "Identity & Access Management",
};

const API_ACTIVITIES = { 1: "Create", 2: "Read", 3: "Update", 4: "Delete" } as const;
const AUTHENTICATION_ACTIVITIES = { 1: "Logon", 2: "Logoff", 99: "Other" } as const;

/** Actions that are sign-in or sign-out; every other is API Activity. */
const AUTHENTICATION_ACTIONS: ReadonlyMap<string, keyof typeof AUTHENTICATION_ACTIVITIES> = new Map([
  ["auth:login", 1],
  ["auth:mfa", 1],
  ["auth:passkey", 1],
  ["session:start", 1],
  ["signin:ConsoleLogin", 1],
  ["auth:logout", 2],
  ["session:end", 2],
  ["auth:step-up", 99],
]);

/** A record as an OCSF event: Authentication (3002) for signing in and out, else API Activity (6003). */
export function toOcsf(record: ActivityRecord): OcsfEvent {
  const activityId = AUTHENTICATION_ACTIONS.get(record.action);
  return activityId === undefined ? apiActivity(record) : authentication(record, activityId);
}

function apiActivity(record: ActivityRecord): OcsfEvent {
  const activityId = apiActivityId(record);
  const [service = "", operation = record.action] = record.action.split(":");
  const { resource, errorCode, requestId, userAgent } = record;
  const message = record.attributes?.["errorMessage"];
  const response = {
    ...(errorCode === undefined ? {} : { error: errorCode }),
    ...(typeof message === "string" ? { error_message: message } : {}),
  };
  return {
    ...common(record),
    ...API_ACTIVITY,
    activity_id: activityId,
    activity_name: API_ACTIVITIES[activityId],
    type_uid: API_ACTIVITY.class_uid * 100 + activityId,
    actor: { user: user(record), ...session(record) },
    api: {
      operation,
      service: { name: service },
      ...(requestId === "" ? {} : { request: { uid: requestId } }),
      ...(Object.keys(response).length === 0 ? {} : { response }),
    },
    ...(userAgent === "" ? {} : { http_request: { user_agent: userAgent } }),
    ...(resource === undefined ? {} : { resources: [{ type: resource.type, uid: resource.id }] }),
  };
}

function authentication(
  record: ActivityRecord,
  activityId: keyof typeof AUTHENTICATION_ACTIVITIES,
): OcsfEvent {
  return {
    ...common(record),
    ...AUTHENTICATION,
    activity_id: activityId,
    activity_name: AUTHENTICATION_ACTIVITIES[activityId],
    type_uid: AUTHENTICATION.class_uid * 100 + activityId,
    user: user(record),
    service: PRODUCT_SERVICE,
    ...session(record),
    is_mfa:
      record.action === "auth:mfa" || record.action === "auth:step-up" || record.attributes?.["mfa"] === true,
    is_remote: true,
  };
}

const PRODUCT_SERVICE = { name: PRODUCT.name };

function common(record: ActivityRecord): OcsfEvent {
  const isSuccess = record.outcome === "success";
  const { changes, attributes, taskId, workflow, traceparent } = record;
  return {
    metadata: {
      version: OCSF_VERSION,
      product: PRODUCT,
      uid: record.id,
      tenant_uid: record.tenantId,
      logged_time: record.receivedAtMs,
      ...(record.origin === undefined ? {} : { log_provider: record.origin.source }),
      ...(taskId === undefined ? {} : { correlation_uid: taskId }),
    },
    time: record.timeMs,
    severity_id: isSuccess ? 1 : 2,
    severity: isSuccess ? "Informational" : "Low",
    status_id: isSuccess ? 1 : 2,
    status: isSuccess ? "Success" : "Failure",
    status_detail: record.outcome,
    ...(record.errorCode === undefined ? {} : { status_code: record.errorCode }),
    message: `${record.actor.name}: ${record.action}, ${record.outcome}`,
    src_endpoint: endpoint(record.ip),
    unmapped: {
      source: record.source,
      action: record.action,
      durationMs: record.durationMs,
      ...(changes === undefined ? {} : { changes }),
      ...(attributes === undefined ? {} : { attributes }),
      ...(workflow === undefined ? {} : { workflow }),
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  };
}

/** AWS's own services come under their names, which are no addresses. */
function endpoint(ip: string): OcsfEvent {
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(ip) || (ip.includes(":") && /^[0-9a-f:.]+$/i.test(ip));
  return isAddress ? { ip } : { svc_name: ip === "" ? "unknown" : ip };
}

function user({ actor }: ActivityRecord): OcsfEvent {
  const types = {
    user: [1, "User"],
    service: [3, "System"],
    key: [99, "Key"],
    external: [99, "External"],
  } as const;
  const [typeId, type] = types[actor.type];
  return { uid: actor.id, name: actor.name, type_id: typeId, type };
}

function session({ sessionId }: ActivityRecord): OcsfEvent {
  return sessionId === undefined ? {} : { session: { uid: sessionId } };
}

function apiActivityId(record: ActivityRecord): keyof typeof API_ACTIVITIES {
  const verb = record.action.slice(record.action.indexOf(":") + 1);
  if (record.attributes?.["readOnly"] === true) return 2;
  if (/^(Get|List|Describe|Head|Lookup|Search)|^(read|list|get|view|export|simulate|evaluate)\b/.test(verb))
    return 2;
  if (/^(Delete|Terminate|Deregister)|^(delete|revoke)\b/.test(verb)) return 4;
  return /^(Create|Run|Allocate|Register|Import|Copy)|^(create|ingest)\b/.test(verb) ? 1 : 3;
}
