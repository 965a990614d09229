import type { ActivityRecord } from "../../../lib/activity/activity.ts";
import { toOcsf } from "../../../lib/activity/export-ocsf.ts";

const RECORD: ActivityRecord = {
  id: "act_1",
  tenantId: "ten_1",
  timeMs: 1_791_194_400_000,
  receivedAtMs: 1_791_194_401_000,
  sessionId: "ses_1",
  actor: { type: "user", id: "usr_1", name: "ann@example.com" },
  action: "volume:create",
  resource: { type: "volume", id: "res_1" },
  outcome: "denied",
  errorCode: "access.denied",
  durationMs: 12.5,
  ip: "203.0.113.7",
  userAgent: "Firefox",
  requestId: "req_1",
  taskId: "task-7",
  source: "api",
};

test("an action is API Activity", () => {
  expect(toOcsf(RECORD)).toEqual({
    metadata: {
      version: "1.3.0",
      product: { name: "Active Session", vendor_name: "Active Session" },
      uid: "act_1",
      tenant_uid: "ten_1",
      logged_time: 1_791_194_401_000,
      correlation_uid: "task-7",
    },
    time: 1_791_194_400_000,
    class_uid: 6003,
    class_name: "API Activity",
    category_uid: 6,
    category_name: "Application Activity",
    activity_id: 1,
    activity_name: "Create",
    type_uid: 600_301,
    severity_id: 2,
    severity: "Low",
    status_id: 2,
    status: "Failure",
    status_detail: "denied",
    status_code: "access.denied",
    message: "ann@example.com: volume:create, denied",
    actor: {
      user: { uid: "usr_1", name: "ann@example.com", type_id: 1, type: "User" },
      session: { uid: "ses_1" },
    },
    api: {
      operation: "create",
      service: { name: "volume" },
      request: { uid: "req_1" },
      response: { error: "access.denied" },
    },
    src_endpoint: { ip: "203.0.113.7" },
    http_request: { user_agent: "Firefox" },
    resources: [{ type: "volume", uid: "res_1" }],
    unmapped: { source: "api", action: "volume:create", durationMs: 12.5 },
  });
});

test("a sign-in is Authentication", () => {
  const { resource: _resource, errorCode: _errorCode, ...signIn } = RECORD;
  const event = toOcsf({ ...signIn, action: "auth:mfa", outcome: "success" });
  expect(event).toMatchObject({
    class_uid: 3002,
    category_uid: 3,
    activity_id: 1,
    type_uid: 300_201,
    status_id: 1,
    user: { uid: "usr_1" },
    service: { name: "Active Session" },
    session: { uid: "ses_1" },
    is_mfa: true,
  });
  expect(event).not.toHaveProperty("actor");
});

test.each([
  ["auth:login", 300_201],
  ["session:start", 300_201],
  ["signin:ConsoleLogin", 300_201],
  ["session:end", 300_202],
  ["auth:logout", 300_202],
  ["auth:step-up", 300_299],
  ["volume:list", 600_302],
  ["volume:update", 600_303],
  ["volume:delete", 600_304],
  ["session:revoke", 600_304],
  ["ec2:RunInstances", 600_301],
  ["ec2:DescribeInstances", 600_302],
  ["ec2:StopInstances", 600_303],
  ["ec2:TerminateInstances", 600_304],
])("%s is of type %i", (action, typeUid) => {
  expect(toOcsf({ ...RECORD, action })["type_uid"]).toBe(typeUid);
});

test.each([
  ["2001:db8::1", { ip: "2001:db8::1" }],
  ["AWS Internal", { svc_name: "AWS Internal" }],
  ["ec2.amazonaws.com", { svc_name: "ec2.amazonaws.com" }],
  ["", { svc_name: "unknown" }],
])("a caller at %j is %j", (ip, endpoint) => {
  expect(toOcsf({ ...RECORD, ip })["src_endpoint"]).toEqual(endpoint);
});
