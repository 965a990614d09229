import { readFileSync } from "node:fs";
import { toActivityRecords } from "../../../lib/activity/cloudtrail.ts";
import { historyOf } from "../../../scripts/demo/history.ts";
import { machineSize } from "../../../scripts/demo/instance-types.ts";

const file = JSON.parse(readFileSync("test/data/cloudtrail-2023-07-10.json", "utf8"));

test("who was on in the real half hour, and when", () => {
  const lines = historyOf(file).sessions.map(
    ({ userName, startedAt, endedAt }) => `${startedAt.slice(11, 19)}-${endedAt.slice(11, 19)} ${userName}`,
  );
  expect(lines).toEqual([
    "11:42:18-12:12:45 benjamin",
    "11:54:33-12:14:56 bert-jan",
    "11:54:47-11:54:51 stratus-red-team-ec2-get-password-data-role",
    "11:57:16-12:07:40 stratus-red-team-ec2-steal-credentials-role",
    "12:02:05-12:02:06 stratus-red-team-leave-org-role",
    "12:02:55-12:02:58 stratus-red-team-get-usr-data-role",
    "12:05:15-12:07:07 stratus-red-team-ec2-enumerate-role",
    "12:06:42-12:06:43 stratus-red-team-ec2lui-role-pcccexdthk",
    "12:09:31-12:09:32 stratus-red-team-ec2lui-role-wuzemnoeqa",
  ]);
});

test("what was refused in the real half hour, and to whom", () => {
  const counts = new Map<string, number>();
  for (const { record } of toActivityRecords(file).records) {
    const line = `${record.actor.name} ${record.action}`;
    if (record.outcome === "denied") counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  expect(Object.fromEntries(counts)).toEqual({
    "bert-jan sts:AssumeRole": 13,
    "bert-jan ce:GetCostForecast": 1,
    "stratus-red-team-ec2-get-password-data-role ec2:GetPasswordData": 29,
    "stratus-red-team-leave-org-role organizations:LeaveOrganization": 1,
    "stratus-red-team-get-usr-data-role ec2:DescribeInstanceAttribute": 15,
  });
});

test("what was started and deleted in the real half hour, and how large it was", () => {
  const { attachments, cloudEvents } = historyOf(file);
  expect(
    attachments.map(({ resourceId, from, to }) => `${resourceId} ${from.slice(11, 19)}-${to?.slice(11, 19)}`),
  ).toEqual([
    "i-0dbc91f429e48eeed 11:55:21-12:08:06",
    "i-05c30218156bcc246 12:03:24-12:08:05",
    "vol-0a2e548958718390d 12:10:25-undefined",
  ]);
  const readings = cloudEvents
    .flat()
    .map(({ type, subject, time, data }) => `${time.slice(11, 19)} ${subject} ${type} ${data.value}`);
  expect(readings).toEqual([
    "11:55:21 i-0dbc91f429e48eeed usage.cpu 2",
    "11:55:21 i-0dbc91f429e48eeed usage.memory 1",
    "12:03:24 i-05c30218156bcc246 usage.cpu 2",
    "12:03:24 i-05c30218156bcc246 usage.memory 1",
    "12:08:05 i-05c30218156bcc246 usage.cpu 0",
    "12:08:05 i-05c30218156bcc246 usage.memory 0",
    "12:08:06 i-0dbc91f429e48eeed usage.cpu 0",
    "12:08:06 i-0dbc91f429e48eeed usage.memory 0",
    "12:10:25 vol-0a2e548958718390d usage.storage 1",
  ]);
  expect(cloudEvents[0]?.[0]).toEqual({
    specversion: "1.0",
    id: "86eac0ac-8521-4126-aa32-a22f2b74d02e.i-0dbc91f429e48eeed.cpu",
    source: "aws.cloudtrail",
    type: "usage.cpu",
    subject: "i-0dbc91f429e48eeed",
    time: "2023-07-10T11:55:21.000Z",
    datacontenttype: "application/json",
    data: { value: "2", sessionId: "bert-jan.2023-07-10T11:54:33.000Z" },
  });
});

let count = 0;
const event = (action: string, time: string, parts: object = {}) => {
  const [service, eventName] = action.split(":");
  count += 1;
  return {
    eventID: `e${count}`,
    eventTime: `2026-10-05T${time}Z`,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    userIdentity: { type: "IAMUser", userName: "ann", arn: "arn:aws:iam::1:user/ann", accessKeyId: "AKIA" },
    ...parts,
  };
};

test("half an hour without anything ends a session, a moment less does not", () => {
  const quiet = [
    event("s3:ListBuckets", "10:00:00"),
    event("s3:ListBuckets", "10:29:59"),
    event("s3:ListBuckets", "10:59:59"),
  ];
  expect(
    historyOf({ Records: quiet }).sessions.map(({ startedAt, endedAt }) => [startedAt, endedAt]),
  ).toEqual([
    ["2026-10-05T10:00:00.000Z", "2026-10-05T10:30:00.000Z"],
    ["2026-10-05T10:59:59.000Z", "2026-10-05T11:00:00.000Z"],
  ]);
});

test("a machine that is stopped uses its storage alone, until it is started again", () => {
  const db = { requestParameters: { dBInstanceIdentifier: "db1" } };
  const records = [
    event("rds:CreateDBInstance", "10:00:00", {
      requestParameters: {
        dBInstanceIdentifier: "db1",
        dBInstanceClass: "db.m6i.large",
        allocatedStorage: 20,
      },
    }),
    event("rds:StopDBInstance", "10:10:00", db),
    event("rds:StartDBInstance", "10:20:00", db),
    event("rds:DeleteDBInstance", "10:25:00", db),
  ];
  const { cloudEvents, attachments } = historyOf({ Records: records });
  expect(
    cloudEvents.flat().map(({ time, type, data }) => `${time.slice(11, 16)} ${type} ${data.value}`),
  ).toEqual([
    "10:00 usage.cpu 2",
    "10:00 usage.memory 8",
    "10:00 usage.storage 20",
    "10:10 usage.cpu 0",
    "10:10 usage.memory 0",
    "10:10 usage.storage 20",
    "10:20 usage.cpu 2",
    "10:20 usage.memory 8",
    "10:20 usage.storage 20",
    "10:25 usage.cpu 0",
    "10:25 usage.memory 0",
    "10:25 usage.storage 0",
  ]);
  expect(attachments.map(({ to }) => to)).toEqual(["2026-10-05T10:25:00.000Z", "2026-10-05T10:25:00.000Z"]);
});

test("what failed started nothing, and AWS's own services are nobody", () => {
  const failed = event("ec2:CreateVolume", "10:00:00", {
    errorCode: "VolumeLimitExceeded",
    requestParameters: { size: 5 },
  });
  const service = event("ec2:DescribeInstances", "10:00:01", {
    userIdentity: { invokedBy: "ec2.amazonaws.com" },
  });
  const history = historyOf({ Records: [failed, service] });
  expect(history).toMatchObject({ attachments: [], cloudEvents: [] });
  expect(history.sessions).toHaveLength(1);
});

test("readings come in batches of a hundred", () => {
  const items = Array.from({ length: 120 }, (_, n) => ({ instanceId: `i-${n}`, instanceType: "c5.large" }));
  const run = event("ec2:RunInstances", "10:00:00", { responseElements: { instancesSet: { items } } });
  expect(historyOf({ Records: [run] }).cloudEvents.map(({ length }) => length)).toEqual([100, 100, 40]);
});

test.each([
  ["t3.micro", { vcpus: 2, memoryGiB: 1 }],
  ["p2.xlarge", { vcpus: 4, memoryGiB: 61 }],
  ["m5.4xlarge", { vcpus: 16, memoryGiB: 64 }],
  ["db.r6g.xlarge", { vcpus: 4, memoryGiB: 32 }],
  ["c7gn.medium", { vcpus: 1, memoryGiB: 2 }],
  ["mac2.metal", undefined],
  ["", undefined],
])("the size of %s", (type, size) => {
  expect(machineSize(type)).toEqual(size);
});
