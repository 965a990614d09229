import type { ActivityRecord } from "../../../lib/activity/activity.ts";
import { csvHeader, csvLine } from "../../../lib/activity/export-csv.ts";

const RECORD: ActivityRecord = {
  id: "act_1",
  tenantId: "ten_1",
  timeMs: 1_791_194_400_000,
  receivedAtMs: 1_791_194_401_000,
  sessionId: "ses_1",
  actor: { type: "user", id: "usr_1", name: "ann@example.com" },
  action: "volume:update",
  resource: { type: "volume", id: "res_1" },
  outcome: "success",
  durationMs: 12.5,
  ip: "203.0.113.7",
  userAgent: "Firefox",
  requestId: "req_1",
  changes: [{ path: "/spec/sizeGiB", from: 1, to: 2 }],
  source: "api",
};

test("a record is one line under the header's names", () => {
  expect(csvHeader()).toBe(
    "id,time,receivedAt,tenantId,sessionId,actorType,actorId,actorName,onBehalfOf,action,resourceType,resourceId,outcome," +
      "errorCode,durationMs,ip,userAgent,requestId,taskId,workflowProvider,workflowRunId,workflowRef,traceparent,source," +
      "originSource,originId,changes,attributes\r\n",
  );
  expect(csvLine(RECORD)).toBe(
    "act_1,2026-10-05T10:00:00.000Z,2026-10-05T10:00:01.000Z,ten_1,ses_1,user,usr_1,ann@example.com,,volume:update,volume," +
      'res_1,success,,12.5,203.0.113.7,Firefox,req_1,,,,,,api,,,"[{""path"":""/spec/sizeGiB"",""from"":1,""to"":2}]",\r\n',
  );
});

const nameCell = (name: string) => {
  const text = csvLine({ ...RECORD, actor: { type: "user", id: "usr_1", name } });
  return text.slice(text.indexOf("usr_1,") + "usr_1,".length, text.indexOf(",,volume:update"));
};

test.each([
  ["=1+1", '"\'=1+1"'],
  ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ["+31201234567", '"\'+31201234567"'],
  ["-2", '"\'-2"'],
  ["@SUM(A1)", '"\'@SUM(A1)"'],
  ["\t=1", '"\'\t=1"'],
  ["\r=1", '"\'\r=1"'],
  ["\n=1", '"\'\n=1"'],
  ["＝1", '"\'＝1"'],
])("I13 %j is no formula in a spreadsheet", (name, expected) => {
  expect(nameCell(name)).toBe(expected);
});

test.each([
  ["a,b", '"a,b"'],
  ['a"b', '"a""b"'],
  ["a\r\nb", '"a\r\nb"'],
  ["a=b", "a=b"],
  ["Zoë 🙂", "Zoë 🙂"],
])("%j stays as it is", (name, expected) => {
  expect(nameCell(name)).toBe(expected);
});
