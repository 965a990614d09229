import { readFileSync } from "node:fs";
import { toActivityRecords } from "../../../lib/activity/cloudtrail.ts";

const file = JSON.parse(readFileSync("test/data/cloudtrail-2023-07-10.json", "utf8"));

const EVENT = {
  eventVersion: "1.08",
  eventID: "2f2b7e0e-0000-4000-8000-000000000001",
  eventTime: "2026-10-05T10:00:00Z",
  eventSource: "ec2.amazonaws.com",
  eventName: "StartInstances",
  awsRegion: "eu-west-1",
  sourceIPAddress: "203.0.113.7",
  userAgent: "aws-cli/2.13.0",
  requestID: "r-1",
  readOnly: false,
  eventType: "AwsApiCall",
  recipientAccountId: "111122223333",
  userIdentity: {
    type: "IAMUser",
    principalId: "AIDA1",
    arn: "arn:aws:iam::111122223333:user/ann",
    accountId: "111122223333",
    accessKeyId: "AKIA1",
    userName: "ann",
  },
  requestParameters: { instancesSet: { items: [{ instanceId: "i-1" }] } },
  responseElements: null,
};

const mapped = (given: object = {}) => {
  const { records, rejected } = toActivityRecords({ Records: [{ ...EVENT, ...given }] });
  expect(rejected).toEqual([]);
  const record = records[0]?.record;
  if (record === undefined) throw new Error("not mapped");
  return record;
};

test("every record of the real file is taken, under its own id", () => {
  const { records, rejected } = toActivityRecords(file);
  expect(rejected).toEqual([]);
  expect(records).toHaveLength(2093);
  expect(new Set(records.map(({ record }) => record.id)).size).toBe(2093);
  const outcomes = records.map(({ record }) => record.outcome);
  expect(outcomes.filter((outcome) => outcome === "denied")).toHaveLength(59);
  expect(outcomes.filter((outcome) => outcome === "error")).toHaveLength(171);
  const types = records.map(({ record }) => record.actor.type);
  expect(types.filter((type) => type === "service")).toHaveLength(83);
});

test("one record becomes one record", () => {
  expect(mapped()).toEqual({
    id: "2f2b7e0e-0000-4000-8000-000000000001",
    timeMs: 1_791_194_400_000,
    actor: { type: "user", id: "arn:aws:iam::111122223333:user/ann", name: "ann" },
    action: "ec2:StartInstances",
    resource: { type: "instance", id: "i-1" },
    outcome: "success",
    ip: "203.0.113.7",
    userAgent: "aws-cli/2.13.0",
    requestId: "r-1",
    attributes: {
      region: "eu-west-1",
      eventType: "AwsApiCall",
      accountId: "111122223333",
      readOnly: false,
      principalType: "IAMUser",
      principalId: "AIDA1",
      accessKeyId: "AKIA1",
      callerAccountId: "111122223333",
    },
  });
});

test.each([
  [
    "a role",
    {
      type: "AssumedRole",
      arn: "arn:aws:sts::1:assumed-role/deploy/ci-7",
      sessionContext: { sessionIssuer: { arn: "arn:aws:iam::1:role/deploy", userName: "deploy" } },
    },
    { type: "user", id: "arn:aws:sts::1:assumed-role/deploy/ci-7", name: "deploy" },
  ],
  [
    "an instance's role",
    { type: "AssumedRole", arn: "arn:aws:sts::1:assumed-role/web/i-0123456789abcdef0" },
    { type: "service", id: "arn:aws:sts::1:assumed-role/web/i-0123456789abcdef0", name: "web" },
  ],
  [
    "a service",
    { type: "AWSService", invokedBy: "cloudtrail.amazonaws.com" },
    { type: "service", id: "cloudtrail.amazonaws.com", name: "cloudtrail.amazonaws.com" },
  ],
  [
    "a service that bears no type",
    { accountId: "1", invokedBy: "ec2.amazonaws.com" },
    { type: "service", id: "ec2.amazonaws.com", name: "ec2.amazonaws.com" },
  ],
  [
    "another account",
    { type: "AWSAccount", principalId: "AIDA:x", accountId: "999988887777" },
    { type: "external", id: "AIDA:x", name: "999988887777" },
  ],
  [
    "root",
    { type: "Root", arn: "arn:aws:iam::1:root", accountId: "1" },
    { type: "user", id: "arn:aws:iam::1:root", name: "root" },
  ],
  [
    "a federated user",
    { type: "FederatedUser", arn: "arn:aws:sts::1:federated-user/bo" },
    { type: "user", id: "arn:aws:sts::1:federated-user/bo", name: "bo" },
  ],
  [
    "a web identity",
    { type: "WebIdentityUser", principalId: "accounts.google.com:app:7", userName: "7" },
    { type: "user", id: "accounts.google.com:app:7", name: "7" },
  ],
  [
    "somebody of a type not known yet",
    { type: "Robot", principalId: "R1" },
    { type: "external", id: "R1", name: "R1" },
  ],
  ["nobody", {}, { type: "external", id: "unknown", name: "unknown" }],
])("the actor is %s", (_who, userIdentity, actor) => {
  expect(mapped({ userIdentity }).actor).toEqual(actor);
});

test("a role's session keeps its issuer, its key and its second factor", () => {
  const userIdentity = {
    type: "AssumedRole",
    arn: "arn:aws:sts::1:assumed-role/deploy/ci-7",
    accessKeyId: "ASIA1",
    sessionContext: {
      sessionIssuer: { type: "Role", arn: "arn:aws:iam::1:role/deploy", userName: "deploy" },
      attributes: { mfaAuthenticated: "true" },
    },
  };
  expect(mapped({ userIdentity }).attributes).toMatchObject({
    accessKeyId: "ASIA1",
    sessionIssuer: "arn:aws:iam::1:role/deploy",
    roleSession: "ci-7",
    mfa: true,
  });
});

test.each([
  ["AccessDenied", "denied"],
  ["AccessDeniedException", "denied"],
  ["Client.UnauthorizedOperation", "denied"],
  ["UnauthorizedOperation", "denied"],
  ["AuthFailure", "denied"],
  ["SignatureDoesNotMatch", "denied"],
  ["KMS.AccessDenied", "denied"],
  ["ThrottlingException", "error"],
  ["Client.InvalidParameterValue", "error"],
  ["NoSuchBucketPolicy", "error"],
  ["InvalidAccessException", "error"],
])("%s comes out as %s", (errorCode, outcome) => {
  expect(mapped({ errorCode, errorMessage: "why" })).toMatchObject({
    outcome,
    errorCode,
    attributes: { errorMessage: "why" },
  });
});

test("a failed sign-in to the console, which bears no code, is denied", () => {
  const signin = { eventSource: "signin.amazonaws.com", eventName: "ConsoleLogin", requestParameters: null };
  expect(mapped({ ...signin, responseElements: { ConsoleLogin: "Failure" } })).toMatchObject({
    action: "signin:ConsoleLogin",
    outcome: "denied",
  });
  expect(mapped({ ...signin, responseElements: { ConsoleLogin: "Success" } }).outcome).toBe("success");
});

const about = (source: string, eventName: string, parts: object) =>
  mapped({ eventSource: `${source}.amazonaws.com`, eventName, requestParameters: null, ...parts }).resource;

test.each([
  [
    "what was made",
    "ec2",
    "RunInstances",
    {
      requestParameters: { instancesSet: { items: [{ imageId: "ami-1" }] } },
      responseElements: { instancesSet: { items: [{ instanceId: "i-9" }] } },
    },
    "instance/i-9",
  ],
  [
    "what was made in a place",
    "ec2",
    "CreateSubnet",
    {
      requestParameters: { vpcId: "vpc-1" },
      responseElements: { subnet: { vpcId: "vpc-1", subnetId: "subnet-1" } },
    },
    "subnet/subnet-1",
  ],
  [
    "a role by its name, not by its id",
    "iam",
    "CreateRole",
    { responseElements: { role: { roleId: "AROA1", roleName: "r" } } },
    "role/r",
  ],
  [
    "a bucket",
    "s3",
    "PutBucketPolicy",
    {
      resources: [{ type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::b" }],
      requestParameters: { bucketName: "b" },
    },
    "bucket/b",
  ],
  [
    "a role of one's own account",
    "sts",
    "AssumeRole",
    { resources: [{ ARN: "arn:aws:iam::111122223333:role/path/r" }] },
    "role/r",
  ],
  [
    "a role of another account",
    "sts",
    "AssumeRole",
    { requestParameters: { roleArn: "arn:aws:iam::999988887777:role/r" } },
    "role/arn:aws:iam::999988887777:role/r",
  ],
  [
    "a role that was refused",
    "sts",
    "AssumeRole",
    {
      errorCode: "AccessDenied",
      errorMessage:
        "User: u is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/r",
    },
    "role/r",
  ],
  ["a volume", "ec2", "DeleteVolume", { requestParameters: { volumeId: "vol-1" } }, "volume/vol-1"],
  ["a user", "iam", "CreateLoginProfile", { requestParameters: { userName: "bo" } }, "user/bo"],
  [
    "a secret by name",
    "secretsmanager",
    "CreateSecret",
    {
      requestParameters: { name: "db" },
      responseElements: { arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf" },
    },
    "secret/db",
  ],
  [
    "a secret by ARN",
    "secretsmanager",
    "GetSecretValue",
    { requestParameters: { secretId: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf" } },
    "secret/db",
  ],
  [
    "a parameter",
    "ssm",
    "GetParameter",
    { resources: [{ ARN: "arn:aws:ssm:eu-west-1:111122223333:parameter/a/b" }] },
    "parameter//a/b",
  ],
  [
    "a database",
    "rds",
    "DeleteDBInstance",
    { requestParameters: { dBInstanceIdentifier: "db1" } },
    "db_instance/db1",
  ],
  ["a trail", "cloudtrail", "StopLogging", { requestParameters: { name: "t" } }, "trail/t"],
  [
    "a flow log in EC2's own wrapping",
    "ec2",
    "DeleteFlowLogs",
    { requestParameters: { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: "fl-1" } } } },
    "flow_log/fl-1",
  ],
  [
    "a key",
    "kms",
    "Decrypt",
    { resources: [{ ARN: "arn:aws:kms:eu-west-1:111122223333:key/k-1" }] },
    "kms_key/k-1",
  ],
  [
    "an address",
    "ec2",
    "ReleaseAddress",
    { requestParameters: { allocationId: "eipalloc-1" } },
    "address/eipalloc-1",
  ],
])("the resource is %s", (_what, source, eventName, parts, expected) => {
  const resource = about(source, eventName, parts);
  expect(`${resource?.type}/${resource?.id}`).toBe(expected);
});

test("a call about nothing in particular has no resource", () => {
  expect(about("s3", "ListBuckets", {})).toBeUndefined();
});

test("no secret enters, wherever it stands", () => {
  const canary = "hunter2-canary";
  const requests = [
    { password: canary, masterUserPassword: canary, secretString: canary, value: canary, userData: canary },
    {
      environment: { variables: { TOKEN: canary } },
      tags: [{ key: "k", value: canary }],
      parameters: canary,
    },
    {
      name: "/p",
      value: canary,
      description: canary,
      accessToken: canary,
      privateKey: canary,
      certificateBody: canary,
    },
  ];
  for (const requestParameters of requests) {
    for (const eventName of [
      "CreateDBInstance",
      "PutParameter",
      "PutSecretValue",
      "RunInstances",
      "CreateLoginProfile",
    ]) {
      const responseElements = {
        credentials: { sessionToken: canary, secretAccessKey: canary },
        accessKey: { secretAccessKey: canary },
      };
      expect(JSON.stringify(mapped({ eventName, requestParameters, responseElements }))).not.toContain(
        canary,
      );
    }
  }
});

test("facts are bounded, however much a record says", () => {
  const names = Array.from({ length: 5000 }, (_, n) => `/${"x".repeat(2000)}/${n}`);
  const record = mapped({
    eventSource: "ssm.amazonaws.com",
    eventName: "GetParameters",
    requestParameters: { names, withDecryption: true },
    userAgent: "u".repeat(100_000),
    errorMessage: "m".repeat(100_000),
    errorCode: "e".repeat(100_000),
  });
  expect(JSON.stringify(record).length).toBeLessThan(20_000);
});

test("what is half a character is replaced, so that a record can be sealed", () => {
  const record = mapped({
    userAgent: "a\ud800b",
    requestParameters: { userName: "\udfff" },
    eventName: "CreateUser",
  });
  expect(JSON.stringify(record)).not.toMatch(/\\ud[89a-f]/i);
});

const rejection = (event: unknown) => toActivityRecords({ Records: [EVENT, event] }).rejected;

test.each([
  ["no object", 7, "must be a CloudTrail record"],
  ["no id", { ...EVENT, eventID: undefined }, "eventID must have 1 to 128 characters"],
  ["an empty id", { ...EVENT, eventID: "" }, "eventID must have 1 to 128 characters"],
  ["a long id", { ...EVENT, eventID: "x".repeat(129) }, "eventID must have 1 to 128 characters"],
  ["half a character in its id", { ...EVENT, eventID: "\ud800" }, "eventID must have 1 to 128 characters"],
  [
    "no day",
    { ...EVENT, eventTime: "2026-02-30T10:00:00Z" },
    "eventTime must be an RFC 3339 time with a zone",
  ],
  [
    "no zone",
    { ...EVENT, eventTime: "2026-10-05T10:00:00" },
    "eventTime must be an RFC 3339 time with a zone",
  ],
  [
    "a number for its time",
    { ...EVENT, eventTime: 1_791_194_400 },
    "eventTime must be an RFC 3339 time with a zone",
  ],
  ["no source", { ...EVENT, eventSource: "" }, "eventSource must be the host name of a service"],
  [
    "a source that is none",
    { ...EVENT, eventSource: "a b" },
    "eventSource must be the host name of a service",
  ],
  ["no action", { ...EVENT, eventName: null }, "eventName must be the name of an action"],
  ["no identity", { ...EVENT, userIdentity: null }, "userIdentity must be an object"],
  [
    "a list of parameters",
    { ...EVENT, requestParameters: [] },
    "requestParameters must be an object or null",
  ],
  ["a text for an answer", { ...EVENT, responseElements: "x" }, "responseElements must be an object or null"],
  ["a number for a code", { ...EVENT, errorCode: 403 }, "errorCode must be a string"],
  ["one resource for many", { ...EVENT, resources: {} }, "resources must be an array"],
])("a record with %s is rejected by its place, and the others are taken", (_what, event, message) => {
  expect(rejection(event)).toEqual([{ index: 1, code: "activity.invalid", message }]);
});

test.each([null, [], {}, { Records: {} }, { records: [] }])("%j is no CloudTrail file", (value) => {
  expect(() => toActivityRecords(value)).toThrow(expect.objectContaining({ code: "request.invalid" }));
});

test("members not known yet change nothing", () => {
  const record = mapped({
    somethingNew: { deep: true },
    additionalEventData: { x: 1 },
    eventVersion: "9.99",
  });
  expect(record).toEqual(mapped());
});

test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
  "an action called %s is an action",
  (eventName) => {
    expect(mapped({ eventName }).action).toBe(`ec2:${eventName}`);
  },
);
