/**
 * The environment, read once at load: all functions of a local run share one process, so nothing may be read from
 * it at request time.
 */
const read = (name: string, fallback: string): string => process.env[name] ?? fallback;

/** Lists are by comma; an empty one stands for its fallback. */
const readList = (name: string, fallback: string): readonly string[] =>
  (process.env[name] || fallback).split(",").map((entry) => entry.trim());

const issuer = read("ISSUER", "http://localhost:3000");
const allowedOrigins = readList("ALLOWED_ORIGINS", new URL(issuer).origin);

/** Names separated by commas. */
const list = (name: string): readonly string[] => read(name, "").split(",").filter(Boolean);

/** Where the service runs and what its tables are called. */
export const env = {
  stage: read("STAGE", "local"),
  region: read("AWS_REGION", "eu-central-1"),
  dynamodbEndpoint: process.env["DYNAMODB_ENDPOINT"],
  /** The access key that a DynamoDB at that endpoint is spoken to with: DynamoDB Local can keep a database for each. */
  dynamodbAccessKeyId: read("DYNAMODB_ACCESS_KEY_ID", "local"),
  /** How long nobody answers before a call is tried again; a machine that does everything itself takes longer. */
  dynamodbAnswerWithinMs: Number(read("DYNAMODB_ANSWER_WITHIN_MS", "1500")),
  sessionsTable: read("SESSIONS_TABLE", "active-session-local-sessions"),
  identityTable: read("IDENTITY_TABLE", "active-session-local-identity"),
  activityTable: read("ACTIVITY_TABLE", "active-session-local-activity"),
  billingTable: read("BILLING_TABLE", "active-session-local-billing"),
  derivedTable: read("DERIVED_TABLE", "active-session-local-derived"),
  /** How long a month waits for late events before its invoice is final (contract section 10). */
  invoiceGraceHours: Number(read("INVOICE_GRACE_HOURS", "72")),
  /** `iss` of every token, and the base of the URLs that the service gives out. */
  issuer,
  /** What the edge before the API proves itself with; empty where there is none. */
  edgeKey: read("EDGE_KEY", ""),
  /** The pages that may send the refresh cookie, scheme and port included. */
  allowedOrigins,
  /** The domain that passkeys are bound to, and the pages that may use them (WebAuthn Level 3 section 4). */
  passkeyRelyingParty: process.env["PASSKEY_RELYING_PARTY"] || new URL(issuer).hostname,
  passkeyOrigins: readList("PASSKEY_ORIGINS", allowedOrigins.join()),
  /** Where feeds are opened, and where the WebSocket API is told what to send on them. */
  liveUrl: read("LIVE_URL", "ws://localhost:3001"),
  liveEndpoint: read("LIVE_ENDPOINT", "http://127.0.0.1:3001"),
  /** How many seconds of its minute a run watches feeds for. */
  liveLooks: Number(read("LIVE_LOOKS", "59")),
  /** Where the keys are: a file in local runs, a parameter when deployed. */
  secrets: { parameter: process.env["SECRETS_PARAMETER"], file: process.env["SECRETS_FILE"] },
  /** Where letters and short messages go instead of being sent: local runs alone have one. */
  outboxFile: process.env["OUTBOX_FILE"],
  /** Whether messages may go to `localhost`, and without TLS: local runs alone may. */
  webhooksToLocalhost: process.env["WEBHOOKS_TO_LOCALHOST"] === "allow",
  /** The address that letters come from; Amazon SES has to know it. */
  mailFrom: read("MAIL_FROM", "no-reply@localhost"),
  /** Where new resources are made: `local` or `aws`. */
  provider: read("PROVIDER", "local"),
  /** The account for resources at AWS: which tenants are with it in any case, the role that opens it, its network. */
  awsProvider: {
    tenantIds: list("AWS_PROVIDER_TENANTS"),
    roleArn: read("AWS_PROVIDER_ROLE", ""),
    network: {
      subnetIds: list("AWS_PROVIDER_SUBNETS"),
      securityGroupIds: list("AWS_PROVIDER_SECURITY_GROUPS"),
      vpcId: read("AWS_PROVIDER_VPC", ""),
      availabilityZone: read("AWS_PROVIDER_ZONE", ""),
    },
  },
  /** How long the simulated provider takes to make a thing. */
  localProviderDelayMs: Number(read("LOCAL_PROVIDER_DELAY_MS", "300")),
  /** `aud` of every access token. */
  audience: read("AUDIENCE", "active-session"),
} as const;
