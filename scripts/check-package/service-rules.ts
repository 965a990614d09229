import { at, listAt, namesIn, ofType, type Properties, type Stack } from "./stack.ts";

/** The gateway answers for a function that takes longer (Amazon API Gateway quotas: 30 s for HTTP APIs). */
const GATEWAY_SECONDS = 30;

/** Where anybody may try a password, a code or a token. */
const SIGN_IN_ROUTES = [
  "POST /v1/auth/login",
  "POST /v1/auth/mfa",
  "POST /v1/auth/mfa/send",
  "POST /v1/auth/passkey/options",
  "POST /v1/auth/passkey",
  "POST /v1/auth/password-reset",
  "POST /v1/auth/password-reset/confirm",
  "POST /v1/auth/invitation/accept",
];

/** Those of them whose functions have concurrency of their own: a password costs a processor, a code follows it. */
const RESERVED_ROUTES = ["POST /v1/auth/login", "POST /v1/auth/mfa"];

/** Alarms that have to be there, over all functions at once. */
const FUNCTION_METRICS = ["Errors", "Throttles", "IteratorAge"];

/** A person is called when functions fail, are throttled or fall behind, when events are given up, and for each table. */
export function alarms(stack: Stack): readonly string[] {
  const all = ofType(stack, "AWS::CloudWatch::Alarm");
  const metrics = all.flatMap(([, { Properties }]) => metricsOf(Properties));
  const has = (namespace: string, name: string, of?: string) =>
    metrics.some(
      ({ metric, dimensions }) =>
        at(metric, "Namespace") === namespace &&
        at(metric, "MetricName") === name &&
        (of === undefined ? dimensions.length === 0 : namesIn(dimensions).includes(of)),
    );
  return [
    ...all
      .filter(([, { Properties }]) => !callsSomebody(stack, Properties))
      .map(([name]) => `${name} calls nobody`),
    ...FUNCTION_METRICS.filter((metric) => !has("AWS/Lambda", metric)).map(
      (metric) => `No alarm is on ${metric} of all functions`,
    ),
    ...ofType(stack, "AWS::SQS::Queue")
      .filter(([name]) => !has("AWS/SQS", "ApproximateNumberOfMessagesVisible", name))
      .map(([name]) => `${name} has no alarm for what is in it`),
    ...ofType(stack, "AWS::DynamoDB::Table")
      .filter(([name]) => !has("AWS/DynamoDB", "WriteThrottleEvents", name))
      .map(([name]) => `${name} has no alarm for throttled writes`),
  ];
}

/** Whoever tries passwords takes no more than a share of the account's concurrency, and nobody takes it from sign-in. */
export function reservedConcurrency(stack: Stack): readonly string[] {
  return RESERVED_ROUTES.flatMap((route) => {
    const name = functionOf(stack, route);
    if (name === undefined) return [`${route} goes to no function`];
    const reserved = at(stack.resources[name]?.Properties, "ReservedConcurrentExecutions");
    return typeof reserved === "number" && reserved > 0 ? [] : [`${name} has no reserved concurrency`];
  });
}

/** Each API is throttled, and the routes of signing in more than the rest. */
export function throttling(stack: Stack): readonly string[] {
  const stages = ofType(stack, "AWS::ApiGatewayV2::Stage");
  const routes = new Set(
    ofType(stack, "AWS::ApiGatewayV2::Route").map(([, { Properties }]) => Properties["RouteKey"]),
  );
  return stages.flatMap(([name, { Properties }]) => {
    const rate = limitAt(Properties["DefaultRouteSettings"]);
    if (rate === undefined) return [`${name} has no limit of rate and burst`];
    if (protocolOf(stack, Properties) !== "HTTP") return [];
    return SIGN_IN_ROUTES.flatMap((route) => {
      if (!routes.has(route)) return [`${name} has no route ${route} to throttle`];
      const own = limitAt(at(Properties, "RouteSettings", route));
      return own !== undefined && own < rate ? [] : [`${name} does not throttle ${route} more than the rest`];
    });
  });
}

/** What a stream or a schedule could not get through is kept, after a number of tries, and one bad record stops no other. */
export function deadLetters(stack: Stack): readonly string[] {
  const kept = new Set(
    ofType(stack, "AWS::Lambda::EventInvokeConfig")
      .filter(([, { Properties }]) => isQueue(stack, at(Properties, "DestinationConfig", "OnFailure")))
      .flatMap(([, { Properties }]) => namesIn(Properties["FunctionName"])),
  );
  return [
    ...ofType(stack, "AWS::Lambda::EventSourceMapping").flatMap(([name, { Properties }]) => [
      ...(isQueue(stack, at(Properties, "DestinationConfig", "OnFailure"))
        ? []
        : [`${name} gives up silently`]),
      ...(Number(Properties["MaximumRetryAttempts"] ?? -1) >= 0 ? [] : [`${name} never gives up`]),
      ...(listAt(Properties, "FunctionResponseTypes").includes("ReportBatchItemFailures") &&
      Properties["BisectBatchOnFunctionError"] === true
        ? []
        : [`${name} lets one bad record stop the others`]),
    ]),
    ...ofType(stack, "AWS::Events::Rule")
      .filter(
        ([, { Properties }]) =>
          !listAt(Properties, "Targets")
            .flatMap(namesIn)
            .every((target) => kept.has(target)),
      )
      .map(([name]) => `${name} gives up silently`),
  ];
}

/** Functions that the gateway waits for are done before it stops waiting, and each is traced. */
export function functionSettings(stack: Stack): readonly string[] {
  const integrations = ofType(stack, "AWS::ApiGatewayV2::Integration");
  const waitedFor = new Set(
    integrations.flatMap(([, { Properties }]) => namesIn(Properties["IntegrationUri"])),
  );
  return ofType(stack, "AWS::Lambda::Function").flatMap(([name, { Properties }]) => [
    ...(waitedFor.has(name) && Number(Properties["Timeout"]) >= GATEWAY_SECONDS
      ? [`${name} may take longer than the gateway waits`]
      : []),
    ...(at(Properties, "TracingConfig", "Mode") === "Active" ? [] : [`${name} is not traced`]),
  ]);
}

/** What is before the API has a firewall and proves itself, every function demands it, and nothing is spoken in clear. */
export function edge(stack: Stack): readonly string[] {
  const distributions = ofType(stack, "AWS::CloudFront::Distribution");
  const keys = distributions.map(([name, { Properties }]) => ({ name, key: edgeKeyOf(Properties) }));
  return [
    ...distributions.flatMap(
      ([
        name,
        {
          Properties: { DistributionConfig: config },
        },
      ]) => [
        ...(at(config, "WebACLId") === undefined ? [`${name} has no web ACL`] : []),
        ...(at(config, "DefaultCacheBehavior", "ViewerProtocolPolicy") === "https-only"
          ? []
          : [`${name} speaks in clear`]),
      ],
    ),
    ...keys.flatMap(({ name, key }) =>
      key === undefined ? [`${name} does not prove itself to the API`] : [],
    ),
    ...keys.flatMap(({ key }) =>
      ofType(stack, "AWS::Lambda::Function")
        .filter(([, { Properties }]) => !isSame(at(Properties, "Environment", "Variables", "EDGE_KEY"), key))
        .map(([name]) => `${name} can be reached round the edge`),
    ),
    ...ofType(stack, "AWS::ApiGatewayV2::DomainName")
      .filter(([, { Properties }]) =>
        listAt(Properties, "DomainNameConfigurations").some((one) => at(one, "SecurityPolicy") !== "TLS_1_2"),
      )
      .map(([name]) => `${name} takes TLS before 1.2`),
  ];
}

function metricsOf(alarm: Properties) {
  const single = { metric: alarm, dimensions: listAt(alarm, "Dimensions") };
  const several = listAt(alarm, "Metrics").map((one) => ({
    metric: at(one, "MetricStat", "Metric"),
    dimensions: listAt(one, "MetricStat", "Metric", "Dimensions"),
  }));
  return [single, ...several];
}

function callsSomebody(stack: Stack, alarm: Properties): boolean {
  const actions = listAt(alarm, "AlarmActions").flatMap(namesIn);
  return (
    alarm["ActionsEnabled"] !== false &&
    actions.some((name) => stack.resources[name]?.Type === "AWS::SNS::Topic")
  );
}

/** The function behind a route of the gateway. */
function functionOf(stack: Stack, routeKey: string): string | undefined {
  const route = ofType(stack, "AWS::ApiGatewayV2::Route").find(
    ([, { Properties }]) => Properties["RouteKey"] === routeKey,
  );
  const integration = namesIn(route?.[1].Properties["Target"])[0] ?? "";
  return namesIn(stack.resources[integration]?.Properties["IntegrationUri"])[0];
}

function limitAt(settings: unknown): number | undefined {
  const rate = at(settings, "ThrottlingRateLimit");
  const burst = at(settings, "ThrottlingBurstLimit");
  return typeof rate === "number" && typeof burst === "number" && rate > 0 && burst > 0 ? rate : undefined;
}

function protocolOf(stack: Stack, stage: Properties): unknown {
  return at(stack.resources[namesIn(stage["ApiId"])[0] ?? ""]?.Properties, "ProtocolType");
}

function isQueue(stack: Stack, destination: unknown): boolean {
  return namesIn(destination).some((name) => stack.resources[name]?.Type === "AWS::SQS::Queue");
}

function edgeKeyOf(distribution: Properties): unknown {
  const headers = listAt(distribution, "DistributionConfig", "Origins").flatMap((origin) =>
    listAt(origin, "OriginCustomHeaders"),
  );
  return at(
    headers.find((header) => at(header, "HeaderName") === "x-edge-key"),
    "HeaderValue",
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return other !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
