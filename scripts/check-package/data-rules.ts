import { at, ofType, type Properties, type Stack } from "./stack.ts";

/** CloudWatch may not use AWS's own key for topics, and an alarm says nothing secret: with a key of one's own, it is used. */
const PLAIN_TOPICS: ReadonlySet<string> = new Set(["AlarmTopic"]);

/** What CloudWatch takes (PutRetentionPolicy), up to what a personal record may be kept without a reason: 400 days. */
const RETENTION_DAYS_MAX = 400;

/** What the access log may say of a request: nothing that anybody wrote into it but its route. */
const LOGGED: ReadonlySet<string> = new Set([
  "requestId",
  "requestTime",
  "identity.sourceIp",
  "routeKey",
  "status",
  "responseLength",
  "responseLatency",
  "integrationErrorMessage",
]);

/** Tables, queues, buckets and topics are encrypted; a log group always is. */
export function encryption(stack: Stack): readonly string[] {
  const unless = (type: string, isEncrypted: (properties: Properties, name: string) => boolean) =>
    ofType(stack, type)
      .filter(([name, { Properties }]) => !isEncrypted(Properties, name))
      .map(([name]) => `${name} is not encrypted`);
  return [
    ...unless("AWS::DynamoDB::Table", (table) => at(table, "SSESpecification", "SSEEnabled") === true),
    ...unless(
      "AWS::SQS::Queue",
      (queue) => queue["SqsManagedSseEnabled"] === true || queue["KmsMasterKeyId"] !== undefined,
    ),
    ...unless("AWS::S3::Bucket", (bucket) => bucket["BucketEncryption"] !== undefined),
    ...unless(
      "AWS::SNS::Topic",
      (topic, name) => topic["KmsMasterKeyId"] !== undefined || PLAIN_TOPICS.has(name),
    ),
  ];
}

/** Every table can be had back as it was at any second of the last 35 days. */
export function pointInTimeRecovery(stack: Stack): readonly string[] {
  return ofType(stack, "AWS::DynamoDB::Table")
    .filter(
      ([, { Properties }]) =>
        at(Properties, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") !== true,
    )
    .map(([name]) => `${name} has no point-in-time recovery`);
}

/** No table goes with its stack, with a change that replaces it, or by a slip. */
export function deletionProtection(stack: Stack): readonly string[] {
  return ofType(stack, "AWS::DynamoDB::Table").flatMap(([name, table]) => [
    ...(table.Properties["DeletionProtectionEnabled"] === true ? [] : [`${name} can be deleted by a slip`]),
    ...(table.DeletionPolicy === "Retain" ? [] : [`${name} goes with its stack`]),
    ...(table.UpdateReplacePolicy === "Retain" ? [] : [`${name} goes when it is replaced`]),
  ]);
}

/** Every function and the API have a log, and no log is kept for ever. */
export function logRetention(stack: Stack): readonly string[] {
  const groups = ofType(stack, "AWS::Logs::LogGroup");
  const named = new Set(groups.map(([, { Properties }]) => Properties["LogGroupName"]));
  return [
    ...groups
      .filter(([, { Properties }]) => {
        const days = Properties["RetentionInDays"];
        return typeof days !== "number" || days > RETENTION_DAYS_MAX;
      })
      .map(([name]) => `${name} keeps its lines longer than ${RETENTION_DAYS_MAX} days`),
    ...ofType(stack, "AWS::Lambda::Function")
      .filter(([, { Properties }]) => !named.has(`/aws/lambda/${String(Properties["FunctionName"])}`))
      .map(([name]) => `${name} has no log group`),
  ];
}

/** The HTTP API logs each request, and no secret of one. */
export function accessLog(stack: Stack): readonly string[] {
  return httpStages(stack).flatMap(([name, { Properties }]) => {
    const format = at(Properties, "AccessLogSettings", "Format");
    if (typeof format !== "string") return [`${name} does not log its requests`];
    const said = [...format.matchAll(/\$context\.([\w.]+)/g)].map(([, variable = ""]) => variable);
    return said
      .filter((variable) => !LOGGED.has(variable))
      .map((variable) => `${name} logs ${variable} of each request`);
  });
}

function httpStages(stack: Stack) {
  return ofType(stack, "AWS::ApiGatewayV2::Stage").filter(
    ([, { Properties }]) =>
      at(stack.resources, String(at(Properties, "ApiId", "Ref")), "Properties", "ProtocolType") === "HTTP",
  );
}
