import { expect, test } from "@jest/globals";
import type { ActivityRecord } from "../../../lib/activity/activity.ts";
import { consequenceOf } from "../../../lib/session/notice.ts";

const RECORD: ActivityRecord = {
  id: "act_1",
  tenantId: "ten_1",
  timeMs: 1,
  receivedAtMs: 1,
  actor: { type: "user", id: "usr_1", name: "ada@example.com" },
  action: "auth:password",
  outcome: "success",
  durationMs: 1,
  ip: "192.0.2.1",
  userAgent: "",
  requestId: "req_1",
  source: "api",
};

test.each([
  ["auth:password", {}, "Your password was changed"],
  ["auth:password-reset-confirm", {}, "Your password was changed"],
  ["factor:verify", {}, "A second factor was added"],
  ["factor:delete", { verified: true }, "A second factor was removed"],
  ["recovery-code:create", {}, "Your recovery codes were replaced"],
  ["auth:mfa", { method: "recovery_code" }, "A recovery code was used"],
  ["auth:step-up", { method: "recovery_code" }, "A recovery code was used"],
])("%s %j is told of: %s", (action, attributes, subject) => {
  expect(consequenceOf({ ...RECORD, action, attributes })).toMatchObject({
    is: "notice",
    notice: { subject },
  });
});

test.each<[string, Partial<ActivityRecord>]>([
  ["an ordinary action", { action: "session:list" }],
  ["a code of an authenticator app", { action: "auth:mfa", attributes: { method: "totp" } }],
  ["a factor that was never verified", { action: "factor:delete", attributes: { verified: false } }],
  ["what was refused", { outcome: "denied" }],
  ["what failed", { outcome: "error" }],
  ["what was brought in from elsewhere", { source: "ingest" }],
  ["what a pipeline did", { actor: { type: "key", id: "key_1", name: "ci" } }],
  [
    "what nobody's address was tried for",
    { action: "auth:password-reset", actor: { type: "external", id: "x", name: "x" } },
  ],
  ["what a support agent did", { actor: { type: "user", id: "usr_2", name: "agent", onBehalfOf: "usr_1" } }],
])("%s is no news", (_name, changes) => {
  expect(consequenceOf({ ...RECORD, ...changes })).toBeUndefined();
});

test("a sign-in and a wish for a new password have consequences of their own", () => {
  expect(consequenceOf({ ...RECORD, action: "session:start" })).toEqual({ is: "sign_in" });
  expect(consequenceOf({ ...RECORD, action: "auth:password-reset" })).toEqual({ is: "reset" });
});
