import { activityOf, cloudTrail, findingsIn, rulesStruck } from "./shown.ts";

const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
const ADMIN = policy({ Effect: "Allow", Action: "*", Resource: "*" });
const OUTSIDER = policy({
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::999988887777:root" },
  Action: "sts:AssumeRole",
});
const SSH = {
  groupId: "sg-1",
  ipPermissions: {
    items: [{ ipProtocol: "tcp", fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] } }],
  },
};

const strike = (action: string, requestParameters: object | null, given: object = {}) => {
  const findings = findingsIn(activityOf({ Records: [cloudTrail(action, { requestParameters, ...given })] }));
  return findings.map(({ rule, severity, mitre }) => `${rule} ${severity} ${mitre.join("+")}`);
};

test.each([
  ["iam:CreateUser", { userName: "backdoor" }, "privilege.escalation medium T1136.003"],
  ["iam:CreateAccessKey", { userName: "admin" }, "privilege.escalation high T1098.001"],
  [
    "iam:CreateLoginProfile",
    { userName: "admin", passwordResetRequired: false },
    "privilege.escalation high T1098.001",
  ],
  ["iam:UpdateLoginProfile", { userName: "admin" }, "privilege.escalation high T1098.001"],
  [
    "iam:AttachUserPolicy",
    { userName: "x", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    "privilege.escalation high T1098.003",
  ],
  [
    "iam:AttachRolePolicy",
    { roleName: "x", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    "privilege.escalation high T1098.003",
  ],
  [
    "iam:PutUserPolicy",
    { userName: "x", policyName: "p", policyDocument: ADMIN },
    "privilege.escalation high T1098.003",
  ],
  [
    "iam:PutRolePolicy",
    { roleName: "x", policyName: "p", policyDocument: encodeURIComponent(ADMIN) },
    "privilege.escalation high T1098.003",
  ],
  [
    "iam:CreatePolicyVersion",
    { policyArn: "arn:aws:iam::111122223333:policy/p", policyDocument: ADMIN, setAsDefault: true },
    "privilege.escalation high T1098.003",
  ],
  [
    "iam:AddUserToGroup",
    { userName: "mallory", groupName: "admins" },
    "privilege.escalation medium T1098.003",
  ],
  [
    "iam:UpdateAssumeRolePolicy",
    { roleName: "x", policyDocument: OUTSIDER },
    "privilege.escalation high T1098.003",
  ],
  [
    "iam:CreateRole",
    { roleName: "x", assumeRolePolicyDocument: OUTSIDER },
    "privilege.escalation high T1098.003",
  ],
  [
    "iam:DeactivateMFADevice",
    { userName: "admin", serialNumber: "arn" },
    "privilege.escalation high T1556.006",
  ],
  ["rolesanywhere:CreateTrustAnchor", { name: "x" }, "privilege.escalation high T1098.001"],
  [
    "s3:PutBucketPolicy",
    {
      bucketName: "b",
      bucketPolicy: JSON.parse(policy({ Effect: "Allow", Principal: "*", Action: "s3:GetObject" })),
    },
    "resource.public_exposure high T1530",
  ],
  [
    "s3:PutBucketPolicy",
    { bucketName: "b", bucketPolicy: JSON.parse(OUTSIDER) },
    "resource.public_exposure high T1537",
  ],
  ["s3:PutBucketAcl", { bucketName: "b", "x-amz-acl": "public-read" }, "resource.public_exposure high T1530"],
  ["s3:DeleteBucketPublicAccessBlock", { bucketName: "b" }, "resource.public_exposure high T1530"],
  [
    "s3:PutBucketPublicAccessBlock",
    { bucketName: "b", PublicAccessBlockConfiguration: { BlockPublicAcls: false } },
    "resource.public_exposure high T1530",
  ],
  [
    "ec2:ModifyImageAttribute",
    { imageId: "ami-1", launchPermission: { add: { items: [{ group: "all" }] } } },
    "resource.public_exposure high T1530",
  ],
  [
    "ec2:ModifySnapshotAttribute",
    { snapshotId: "snap-1", createVolumePermission: { add: { items: [{ userId: "999988887777" }] } } },
    "resource.public_exposure high T1537",
  ],
  [
    "rds:ModifyDBSnapshotAttribute",
    { dBSnapshotIdentifier: "s", attributeName: "restore", valuesToAdd: ["999988887777"] },
    "resource.public_exposure high T1537",
  ],
  [
    "rds:ModifyDBClusterSnapshotAttribute",
    { dBClusterSnapshotIdentifier: "s", attributeName: "restore", valuesToAdd: ["all"] },
    "resource.public_exposure high T1530",
  ],
  ["ec2:AuthorizeSecurityGroupIngress", SSH, "resource.public_exposure high T1562.007"],
  [
    "ec2:AuthorizeSecurityGroupIngress",
    { groupId: "sg-1", ipProtocol: "tcp", fromPort: 5432, toPort: 5432, cidrIp: "0.0.0.0/0" },
    "resource.public_exposure medium T1562.007",
  ],
  [
    "lambda:AddPermission20150331v2",
    { functionName: "f", principal: "*", action: "lambda:InvokeFunction" },
    "resource.public_exposure high T1530",
  ],
  [
    "lambda:AddPermission20150331v2",
    { functionName: "f", principal: "999988887777" },
    "resource.public_exposure high T1537",
  ],
  ["cloudtrail:StopLogging", { name: "t" }, "audit.tampering high T1562.008"],
  ["cloudtrail:DeleteTrail", { name: "t" }, "audit.tampering high T1562.008"],
  ["cloudtrail:UpdateTrail", { name: "t", isMultiRegionTrail: false }, "audit.tampering high T1562.008"],
  [
    "cloudtrail:PutEventSelectors",
    { trailName: "t", eventSelectors: [{ readWriteType: "ReadOnly", includeManagementEvents: true }] },
    "audit.tampering high T1562.008",
  ],
  [
    "ec2:DeleteFlowLogs",
    { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: "fl-1" } } },
    "audit.tampering high T1562.008",
  ],
  [
    "config:StopConfigurationRecorder",
    { configurationRecorderName: "default" },
    "audit.tampering high T1562.008",
  ],
  ["guardduty:DeleteDetector", { detectorId: "d" }, "audit.tampering high T1562.008"],
  ["guardduty:UpdateDetector", { detectorId: "d", enable: false }, "audit.tampering high T1562.008"],
  ["securityhub:DisableSecurityHub", null, "audit.tampering high T1562.008"],
  ["organizations:LeaveOrganization", null, "audit.tampering high T1562.008"],
  ["logs:DeleteLogGroup", { logGroupName: "/aws/x" }, "audit.tampering high T1562.008"],
  [
    "s3:PutBucketLifecycle",
    {
      bucketName: "org-cloudtrail",
      LifecycleConfiguration: { Rule: { Status: "Enabled", Expiration: { Days: 1 } } },
    },
    "audit.tampering high T1485.001+T1562.008",
  ],
])("%s is found", (action, parameters, expected) => {
  expect(strike(action, parameters)).toEqual([expected]);
});

test("an attempt counts too, though less", () => {
  const refused = { errorCode: "AccessDenied", errorMessage: "not authorized" };
  expect(strike("cloudtrail:StopLogging", { name: "t" }, refused)).toEqual([
    "audit.tampering medium T1562.008",
  ]);
  expect(strike("iam:CreateAccessKey", { userName: "admin" }, refused)).toEqual([
    "privilege.escalation medium T1098.001",
  ]);
});

test.each([
  ["one's own access key", "iam:CreateAccessKey", { userName: "mallory" }],
  ["one's own key, unnamed", "iam:CreateAccessKey", null],
  [
    "a role for one's own account",
    "iam:CreateRole",
    { roleName: "x", assumeRolePolicyDocument: OUTSIDER.replace("999988887777", "111122223333") },
  ],
  [
    "a role for a service",
    "iam:CreateRole",
    {
      roleName: "x",
      assumeRolePolicyDocument: policy({
        Effect: "Allow",
        Principal: { Service: "ec2.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    },
  ],
  [
    "a policy that only reads",
    "iam:PutRolePolicy",
    { roleName: "x", policyDocument: policy({ Effect: "Allow", Action: "ec2:Describe*", Resource: "*" }) },
  ],
  [
    "a managed policy of one service",
    "iam:AttachRolePolicy",
    { roleName: "x", policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" },
  ],
  [
    "a bucket policy for everybody under a condition",
    "s3:PutBucketPolicy",
    {
      bucketName: "b",
      bucketPolicy: JSON.parse(
        policy({
          Effect: "Allow",
          Principal: "*",
          Action: "s3:*",
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
        }),
      ),
    },
  ],
  [
    "the web's port",
    "ec2:AuthorizeSecurityGroupIngress",
    { groupId: "sg-1", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIp: "0.0.0.0/0" },
  ],
  [
    "SSH from one's office",
    "ec2:AuthorizeSecurityGroupIngress",
    { groupId: "sg-1", ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIp: "203.0.113.0/24" },
  ],
  [
    "a share taken back",
    "ec2:ModifySnapshotAttribute",
    { snapshotId: "s", createVolumePermission: { remove: { items: [{ userId: "999988887777" }] } } },
  ],
  [
    "logging of everything restored",
    "cloudtrail:PutEventSelectors",
    { trailName: "t", eventSelectors: [{ readWriteType: "All", includeManagementEvents: true }] },
  ],
  ["logging begun", "cloudtrail:StartLogging", { name: "t" }],
  [
    "pictures that expire",
    "s3:PutBucketLifecycle",
    {
      bucketName: "thumbnails",
      LifecycleConfiguration: { Rule: { Status: "Enabled", Expiration: { Days: 1 } } },
    },
  ],
  [
    "logs that expire in a year",
    "s3:PutBucketLifecycle",
    {
      bucketName: "org-cloudtrail",
      LifecycleConfiguration: { Rule: { Status: "Enabled", Expiration: { Days: 365 } } },
    },
  ],
])("%s is left alone", (_what, action, parameters) => {
  expect(strike(action, parameters)).toEqual([]);
});

describe("secrets.mass_read", () => {
  const reads = (count: number, given: object = {}) =>
    Array.from({ length: count }, (_, n) =>
      cloudTrail(
        "secretsmanager:GetSecretValue",
        { requestParameters: { secretId: `db-${n}` }, ...given },
        n,
      ),
    );

  test("ten different secrets in five minutes are many, nine are not, nor is one read often", () => {
    const often = Array.from({ length: 30 }, (_, n) =>
      cloudTrail("secretsmanager:GetSecretValue", { requestParameters: { secretId: "db" } }, n),
    );
    expect(rulesStruck(activityOf({ Records: reads(10) }))).toEqual(["secrets.mass_read"]);
    expect(rulesStruck(activityOf({ Records: reads(9) }))).toEqual([]);
    expect(rulesStruck(activityOf({ Records: often }))).toEqual([]);
  });

  test.each([
    ["secretsmanager:BatchGetSecretValue", { filters: [{ key: "name", values: [""] }] }],
    ["ssm:GetParametersByPath", { path: "/", recursive: true, withDecryption: true }],
    ["ssm:GetParameters", { names: Array.from({ length: 10 }, (_, n) => `/p/${n}`), withDecryption: true }],
  ])("%s reads many at once", (action, parameters) => {
    expect(strike(action, parameters)).toEqual(["secrets.mass_read high T1555.006"]);
  });

  test("parameters that are not decrypted give nothing away", () => {
    expect(strike("ssm:GetParameters", { names: Array.from({ length: 10 }, (_, n) => `/p/${n}`) })).toEqual(
      [],
    );
    expect(strike("ssm:GetParametersByPath", { path: "/" })).toEqual([]);
  });

  test("a new name for every call hides nothing", () => {
    const records = Array.from({ length: 40 }, (_, n) =>
      cloudTrail(
        "secretsmanager:GetSecretValue",
        {
          requestParameters: { secretId: `db-${n}` },
          userAgent: `tool${String.fromCharCode(97 + (n % 26))}${n}x`,
        },
        n,
      ),
    );
    expect(rulesStruck(activityOf({ Records: records }))).toEqual(["secrets.mass_read"]);
  });

  test("a tool that reads back what it wrote a moment ago is left alone, another tool is not", () => {
    const writes = Array.from({ length: 12 }, (_, n) =>
      cloudTrail("secretsmanager:CreateSecret", {
        requestParameters: { name: `db-${n}` },
        responseElements: { arn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-${n}-AbCdEf` },
      }),
    );
    const back = reads(12);
    const other = reads(12, { userAgent: "curl/8.0" });
    expect(rulesStruck(activityOf({ Records: [...writes, ...back] }))).toEqual([]);
    expect(rulesStruck(activityOf({ Records: [...writes, ...other] }))).toEqual(["secrets.mass_read"]);
  });
});

describe("credentials.exfiltrated", () => {
  const call = (ip: string, second: number) =>
    cloudTrail(
      "sts:GetCallerIdentity",
      {
        sourceIPAddress: ip,
        userIdentity: {
          type: "AssumedRole",
          arn: "arn:aws:sts::111122223333:assumed-role/web/i-0123456789abcdef0",
          sessionContext: { sessionIssuer: { arn: "arn:aws:iam::111122223333:role/web" } },
        },
      },
      second,
    );

  test("an instance's role at a second address is found, whichever call is on record first", () => {
    const [home, away] = [call("3.225.16.109", 0), call("198.51.100.9", 60)];
    for (const order of [
      [home, away],
      [away, home],
    ]) {
      const [finding] = findingsIn(activityOf({ Records: order }));
      expect(finding).toMatchObject({ rule: "credentials.exfiltrated", severity: "high" });
      expect(finding?.evidence).toEqual([Object(away).eventID]);
    }
  });

  test("an instance that stays where it is, or is called for by a service, is left alone", () => {
    const calls = [call("3.225.16.109", 0), call("3.225.16.109", 60), call("ssm.amazonaws.com", 90)];
    expect(findingsIn(activityOf({ Records: calls }))).toEqual([]);
  });
});

describe("what a tool builds and takes down again", () => {
  const TERRAFORM = { userAgent: "APN/1.0 HashiCorp/1.0 Terraform/1.5.0 (+https://www.terraform.io)" };
  const made = Array.from({ length: 12 }, (_, n) =>
    cloudTrail("ec2:CreateVpc", { ...TERRAFORM, responseElements: { vpc: { vpcId: `vpc-${n}` } } }, n),
  );
  const gone = Array.from({ length: 12 }, (_, n) =>
    cloudTrail("ec2:DeleteVpc", { ...TERRAFORM, requestParameters: { vpcId: `vpc-${n}` } }, 600 + n),
  );

  test("is no destruction", () => {
    expect(rulesStruck(activityOf({ Records: [...made, ...gone] }))).toEqual([]);
  });

  test("is destruction where it was made by somebody else", () => {
    expect(rulesStruck(activityOf({ Records: gone }))).toEqual(["action.destructive_burst"]);
  });

  test("is no tampering where it is a trail", () => {
    const trail = [
      cloudTrail("cloudtrail:CreateTrail", {
        ...TERRAFORM,
        requestParameters: { name: "t", s3BucketName: "b" },
      }),
      cloudTrail("cloudtrail:DeleteTrail", { ...TERRAFORM, requestParameters: { name: "t" } }, 60),
    ];
    expect(rulesStruck(activityOf({ Records: trail }))).toEqual([]);
  });
});

test("one call that ends many machines is a burst", () => {
  const items = Array.from({ length: 12 }, (_, n) => ({ instanceId: `i-${n}` }));
  expect(strike("ec2:TerminateInstances", { instancesSet: { items } })).toEqual([
    "action.destructive_burst high T1485",
  ]);
});

test("a bucket that a trail writes to is known by the trail", () => {
  const records = [
    cloudTrail("cloudtrail:CreateTrail", { requestParameters: { name: "t", s3BucketName: "plain-name" } }),
    cloudTrail(
      "s3:PutBucketLifecycle",
      {
        requestParameters: {
          bucketName: "plain-name",
          LifecycleConfiguration: { Rule: { Status: "Enabled", Expiration: { Days: 1 } } },
        },
      },
      60,
    ),
  ];
  expect(rulesStruck(activityOf({ Records: records }))).toEqual(["audit.tampering"]);
});

test("a role taken on after refusals is found", () => {
  const refused = { errorCode: "AccessDenied", errorMessage: "not authorized" };
  const records = [
    cloudTrail("sts:AssumeRole", refused, 0),
    cloudTrail("sts:AssumeRole", refused, 5),
    cloudTrail("sts:AssumeRole", { requestParameters: { roleArn: "arn:aws:iam::111122223333:role/x" } }, 10),
  ];
  expect(findingsIn(activityOf({ Records: records }))).toMatchObject([
    {
      rule: "privilege.escalation",
      severity: "medium",
      mitre: ["T1548.005"],
      summary: "A role taken on after 2 refusals.",
    },
  ]);
});
