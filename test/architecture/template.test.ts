import { checkTemplate, RULES } from "../../scripts/check-package/check-template.ts";
import type { Template } from "../../scripts/check-package/stack.ts";

type Json = { [name: string]: unknown };

const queueAlarm = { Namespace: "AWS/SQS", MetricName: "ApproximateNumberOfMessagesVisible" };
const topic = { AlarmActions: [{ Ref: "AlarmTopic" }] };
const deadLetter = { OnFailure: { Destination: { "Fn::GetAtt": ["Queue", "Arn"] } } };
const signInRoutes = ["mfa/send", "passkey/options", "passkey", "password-reset", "password-reset/confirm"];
const strict = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 };

/** A small stack that every rule holds for: each test spoils one thing of a copy. */
function goodStack(): { Resources: Record<string, Json & { Properties: Json }>; Conditions: Json } {
  const route = (path: string, to: string) => ({
    Type: "AWS::ApiGatewayV2::Route",
    Properties: {
      RouteKey: `POST /v1/auth/${path}`,
      Target: { "Fn::Join": ["/", ["integrations", { Ref: to }]] },
    },
  });
  const lambda = (name: string, more: Json) => ({
    Type: "AWS::Lambda::Function",
    Properties: {
      FunctionName: `it-${name}`,
      Role: { "Fn::GetAtt": [`${name}Role`, "Arn"] },
      Timeout: 15,
      TracingConfig: { Mode: "Active" },
      Environment: { Variables: { EDGE_KEY: { "Fn::If": ["HasEdge", { Ref: "EdgeKey" }, ""] } } },
      ...more,
    },
  });
  const role = (statements: readonly Json[]) => ({
    Type: "AWS::IAM::Role",
    Properties: { Policies: [{ PolicyDocument: { Statement: statements } }] },
  });
  const allow = (Action: readonly string[], more: Json) => ({ Effect: "Allow", Action, ...more });
  const log = (name: string) => ({
    Type: "AWS::Logs::LogGroup",
    Properties: { LogGroupName: `/aws/lambda/it-${name}`, RetentionInDays: 30 },
  });
  const alarm = (Namespace: string, MetricName: string) => ({
    Type: "AWS::CloudWatch::Alarm",
    Properties: { Namespace, MetricName, ...topic },
  });
  const integration = (to: string) => ({
    Type: "AWS::ApiGatewayV2::Integration",
    Properties: { IntegrationUri: { "Fn::GetAtt": [to, "Arn"] } },
  });
  return {
    Conditions: { HasEdge: { "Fn::Not": [{ "Fn::Equals": ["", ""] }] } },
    Resources: {
      Login: lambda("Login", { ReservedConcurrentExecutions: 50 }),
      Mfa: lambda("Mfa", { ReservedConcurrentExecutions: 20 }),
      Nightly: lambda("Nightly", { Timeout: 900 }),
      LoginRole: role([
        allow(["xray:PutTraceSegments"], { Resource: "*" }),
        allow(["dynamodb:PutItem"], { Resource: { "Fn::GetAtt": ["ActivityTable", "Arn"] } }),
      ]),
      MfaRole: role([allow(["sns:Publish"], { NotResource: "arn:aws:sns:*:*:*" })]),
      NightlyRole: role([allow(["sqs:SendMessage"], { Resource: { "Fn::GetAtt": ["Queue", "Arn"] } })]),
      LoginLog: log("Login"),
      MfaLog: log("Mfa"),
      NightlyLog: log("Nightly"),
      LoginIntegration: integration("Login"),
      MfaIntegration: integration("Mfa"),
      LoginRoute: route("login", "LoginIntegration"),
      MfaRoute: route("mfa", "MfaIntegration"),
      AcceptRoute: route("invitation/accept", "MfaIntegration"),
      ...Object.fromEntries(signInRoutes.map((path) => [`Route${path}`, route(path, "MfaIntegration")])),
      Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { ProtocolType: "HTTP" } },
      ApiStage: {
        Type: "AWS::ApiGatewayV2::Stage",
        DependsOn: ["LoginRoute", "MfaRoute", "AcceptRoute", ...signInRoutes.map((path) => `Route${path}`)],
        Properties: {
          ApiId: { Ref: "Api" },
          AccessLogSettings: { Format: '{"id":"$context.requestId","route":"$context.routeKey"}' },
          DefaultRouteSettings: { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 500 },
          RouteSettings: Object.fromEntries(
            ["login", "mfa", "invitation/accept", ...signInRoutes].map((path) => [
              `POST /v1/auth/${path}`,
              strict,
            ]),
          ),
        },
      },
      ActivityTable: {
        Type: "AWS::DynamoDB::Table",
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
        Properties: {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          SSESpecification: { SSEEnabled: true },
        },
      },
      Queue: { Type: "AWS::SQS::Queue", Properties: { SqsManagedSseEnabled: true } },
      Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketEncryption: {} } },
      AlarmTopic: { Type: "AWS::SNS::Topic", Properties: {} },
      Stream: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: {
          DestinationConfig: deadLetter,
          MaximumRetryAttempts: 5,
          BisectBatchOnFunctionError: true,
          FunctionResponseTypes: ["ReportBatchItemFailures"],
        },
      },
      Schedule: {
        Type: "AWS::Events::Rule",
        Properties: { Targets: [{ Arn: { "Fn::GetAtt": ["Nightly", "Arn"] } }] },
      },
      NightlyInvoke: {
        Type: "AWS::Lambda::EventInvokeConfig",
        Properties: { FunctionName: { Ref: "Nightly" }, DestinationConfig: deadLetter },
      },
      ErrorsAlarm: alarm("AWS/Lambda", "Errors"),
      ThrottlesAlarm: alarm("AWS/Lambda", "Throttles"),
      AgeAlarm: alarm("AWS/Lambda", "IteratorAge"),
      QueueAlarm: {
        Type: "AWS::CloudWatch::Alarm",
        Properties: {
          ...queueAlarm,
          Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": ["Queue", "QueueName"] } }],
          ...topic,
        },
      },
      TablesAlarm: {
        Type: "AWS::CloudWatch::Alarm",
        Properties: {
          Metrics: [
            {
              MetricStat: {
                Metric: {
                  Namespace: "AWS/DynamoDB",
                  MetricName: "WriteThrottleEvents",
                  Dimensions: [{ Name: "TableName", Value: { Ref: "ActivityTable" } }],
                },
              },
            },
          ],
          ...topic,
        },
      },
      Domain: {
        Type: "AWS::ApiGatewayV2::DomainName",
        Properties: { DomainNameConfigurations: [{ SecurityPolicy: "TLS_1_2" }] },
      },
      EdgeKey: { Type: "AWS::SecretsManager::Secret", Condition: "HasEdge", Properties: {} },
      Edge: {
        Type: "AWS::CloudFront::Distribution",
        Condition: "HasEdge",
        Properties: {
          DistributionConfig: {
            WebACLId: "arn:aws:wafv2:us-east-1:1:global/webacl/it/1",
            DefaultCacheBehavior: { ViewerProtocolPolicy: "https-only" },
            Origins: [
              { OriginCustomHeaders: [{ HeaderName: "x-edge-key", HeaderValue: { Ref: "EdgeKey" } }] },
            ],
          },
        },
      },
    },
  };
}

type Spoil = (resources: Record<string, Json & { Properties: Json }>) => void;

function checked(spoil: Spoil): readonly string[] {
  const stack = goodStack();
  spoil(stack.Resources);
  return checkTemplate(stack as unknown as Template);
}

/** Sets what is at a path of a resource; `undefined` takes it away. */
const set =
  (name: string, path: string, value: unknown): Spoil =>
  (resources) => {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    let target: Json = resources[name] ?? {};
    for (const step of steps) target = target[step] as Json;
    if (value === undefined) delete target[last];
    else target[last] = value;
  };

const statement = (value: Json): Spoil =>
  set("MfaRole", "Properties.Policies.0.PolicyDocument.Statement.0", { Effect: "Allow", ...value });

const without =
  (name: string): Spoil =>
  (resources) => {
    delete resources[name];
  };

const broken: ReadonlyArray<readonly [keyof typeof RULES | "size", string, Spoil]> = [
  ["references", "ApiStage points to LoginRoute, which is not there", without("LoginRoute")],
  ["references", "NightlyRole points to Queue, which is not there", without("Queue")],
  [
    "route settings",
    "ApiStage does not wait for POST /v1/auth/mfa, which it has settings for",
    set("ApiStage", "DependsOn", ["LoginRoute"]),
  ],
  [
    "own role",
    "LoginRole is the role of Login and Mfa",
    set("Mfa", "Properties.Role", { "Fn::GetAtt": ["LoginRole", "Arn"] }),
  ],
  ["own role", "Mfa has no role of this stack", set("Mfa", "Properties.Role", "arn:aws:iam::1:role/admin")],
  ["own role", "MfaRole is no function's role", set("Mfa", "Properties.Role", "arn:aws:iam::1:role/admin")],
  [
    "least privilege",
    "MfaRole may dynamodb:*, which is not one action",
    statement({ Action: "dynamodb:*", Resource: "arn:aws:dynamodb:eu-central-1:1:table/it" }),
  ],
  [
    "least privilege",
    "MfaRole may dynamodb:GetItem on every resource",
    statement({ Action: ["dynamodb:GetItem"], Resource: "*" }),
  ],
  [
    "least privilege",
    "MfaRole may dynamodb:GetItem on every resource",
    statement({ Action: "dynamodb:GetItem", Resource: ["*"] }),
  ],
  [
    "least privilege",
    "MfaRole may dynamodb:GetItem on every resource",
    statement({
      Action: "dynamodb:GetItem",
      Resource: { "Fn::Sub": ["arn:aws:dynamodb:$", "{AWS::Region}:1:*"].join("") },
    }),
  ],
  [
    "least privilege",
    "MfaRole may s3:GetObject on all but some resources",
    statement({ Action: "s3:GetObject", NotResource: "arn:aws:s3:::it" }),
  ],
  [
    "least privilege",
    "MfaRole may do all but some actions",
    statement({ NotAction: "iam:*", Resource: "arn:aws:s3:::it" }),
  ],
  [
    "least privilege",
    "MfaRole has the managed policy arn:aws:iam::aws:policy/AdministratorAccess",
    set("MfaRole", "Properties.ManagedPolicyArns", ["arn:aws:iam::aws:policy/AdministratorAccess"]),
  ],
  [
    "append-only log",
    "MfaRole may dynamodb:DeleteItem on the activity table",
    statement({ Action: ["dynamodb:DeleteItem"], Resource: { "Fn::GetAtt": ["ActivityTable", "Arn"] } }),
  ],
  [
    "encryption",
    "ActivityTable is not encrypted",
    set("ActivityTable", "Properties.SSESpecification", undefined),
  ],
  ["encryption", "Queue is not encrypted", set("Queue", "Properties.SqsManagedSseEnabled", undefined)],
  ["encryption", "Bucket is not encrypted", set("Bucket", "Properties.BucketEncryption", undefined)],
  [
    "encryption",
    "News is not encrypted",
    (resources) => {
      resources["News"] = { Type: "AWS::SNS::Topic", Properties: {} };
    },
  ],
  [
    "point-in-time recovery",
    "ActivityTable has no point-in-time recovery",
    set("ActivityTable", "Properties.PointInTimeRecoverySpecification", undefined),
  ],
  [
    "deletion protection",
    "ActivityTable can be deleted by a slip",
    set("ActivityTable", "Properties.DeletionProtectionEnabled", false),
  ],
  [
    "deletion protection",
    "ActivityTable goes with its stack",
    set("ActivityTable", "DeletionPolicy", "Delete"),
  ],
  [
    "deletion protection",
    "ActivityTable goes when it is replaced",
    set("ActivityTable", "UpdateReplacePolicy", undefined),
  ],
  [
    "log retention",
    "LoginLog keeps its lines longer than 400 days",
    set("LoginLog", "Properties.RetentionInDays", undefined),
  ],
  [
    "log retention",
    "LoginLog keeps its lines longer than 400 days",
    set("LoginLog", "Properties.RetentionInDays", 3653),
  ],
  ["log retention", "Login has no log group", without("LoginLog")],
  [
    "access log",
    "ApiStage does not log its requests",
    set("ApiStage", "Properties.AccessLogSettings", undefined),
  ],
  [
    "access log",
    "ApiStage logs authorizer.token of each request",
    set("ApiStage", "Properties.AccessLogSettings.Format", "$context.requestId $context.authorizer.token"),
  ],
  ["alarms", "No alarm is on Errors of all functions", without("ErrorsAlarm")],
  [
    "alarms",
    "No alarm is on Throttles of all functions",
    set("ThrottlesAlarm", "Properties.Dimensions", [{ Name: "FunctionName", Value: "it-Login" }]),
  ],
  [
    "alarms",
    "No alarm is on IteratorAge of all functions",
    set("AgeAlarm", "Properties.MetricName", "Duration"),
  ],
  ["alarms", "Queue has no alarm for what is in it", without("QueueAlarm")],
  ["alarms", "ActivityTable has no alarm for throttled writes", set("TablesAlarm", "Properties.Metrics", [])],
  ["alarms", "ErrorsAlarm calls nobody", set("ErrorsAlarm", "Properties.AlarmActions", undefined)],
  ["alarms", "AgeAlarm calls nobody", set("AgeAlarm", "Properties.ActionsEnabled", false)],
  ["dead letters", "Stream gives up silently", set("Stream", "Properties.DestinationConfig", undefined)],
  ["dead letters", "Stream never gives up", set("Stream", "Properties.MaximumRetryAttempts", undefined)],
  [
    "dead letters",
    "Stream lets one bad record stop the others",
    set("Stream", "Properties.FunctionResponseTypes", undefined),
  ],
  [
    "dead letters",
    "Stream lets one bad record stop the others",
    set("Stream", "Properties.BisectBatchOnFunctionError", false),
  ],
  ["dead letters", "Schedule gives up silently", without("NightlyInvoke")],
  [
    "reserved concurrency",
    "Login has no reserved concurrency",
    set("Login", "Properties.ReservedConcurrentExecutions", undefined),
  ],
  [
    "reserved concurrency",
    "Mfa has no reserved concurrency",
    set("Mfa", "Properties.ReservedConcurrentExecutions", 0),
  ],
  ["reserved concurrency", "POST /v1/auth/login goes to no function", without("LoginRoute")],
  [
    "throttling",
    "ApiStage has no limit of rate and burst",
    set("ApiStage", "Properties.DefaultRouteSettings", {}),
  ],
  [
    "throttling",
    "ApiStage does not throttle POST /v1/auth/login more than the rest",
    set("ApiStage", "Properties.RouteSettings.POST /v1/auth/login", {
      ThrottlingRateLimit: 1000,
      ThrottlingBurstLimit: 20,
    }),
  ],
  [
    "throttling",
    "ApiStage does not throttle POST /v1/auth/passkey more than the rest",
    set("ApiStage", "Properties.RouteSettings.POST /v1/auth/passkey", undefined),
  ],
  ["throttling", "ApiStage has no route POST /v1/auth/login to throttle", without("LoginRoute")],
  [
    "function settings",
    "Login may take longer than the gateway waits",
    set("Login", "Properties.Timeout", 30),
  ],
  ["function settings", "Nightly is not traced", set("Nightly", "Properties.TracingConfig", undefined)],
  ["edge", "Edge has no web ACL", set("Edge", "Properties.DistributionConfig.WebACLId", undefined)],
  [
    "edge",
    "Edge speaks in clear",
    set("Edge", "Properties.DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy", "allow-all"),
  ],
  [
    "edge",
    "Edge does not prove itself to the API",
    set("Edge", "Properties.DistributionConfig.Origins.0.OriginCustomHeaders", []),
  ],
  ["edge", "Mfa can be reached round the edge", set("Mfa", "Properties.Environment.Variables", {})],
  [
    "edge",
    "Domain takes TLS before 1.2",
    set("Domain", "Properties.DomainNameConfigurations.0.SecurityPolicy", "TLS_1_0"),
  ],
  [
    "size",
    "the stack has 351 resources: at most 350 are wanted",
    (resources) => {
      const count = Object.keys(resources).length;
      for (let index = count; index < 351; index++)
        resources[`Bucket${index}`] = resources["Bucket"] ?? { Properties: {} };
    },
  ],
];

describe("what a package is held to", () => {
  test("a stack that every rule holds for is taken", () => {
    expect(checked(() => undefined)).toEqual([]);
  });

  test.each(broken)("%s: %s", (rule, line, spoil) => {
    expect(checked(spoil)).toContain(`${rule}: ${line}`);
  });

  test("every rule has been seen to fail", () => {
    const seen = new Set(broken.map(([rule]) => rule));
    expect(Object.keys(RULES).filter((rule) => !seen.has(rule as keyof typeof RULES))).toEqual([]);
  });

  test("what is conditional counts, and is held to the rules although this package does not make it", () => {
    const spoiled = checked(set("Edge", "Properties.DistributionConfig.WebACLId", undefined));
    expect(spoiled).toEqual(["edge: Edge has no web ACL"]);
  });
});
