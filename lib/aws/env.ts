/**
 * The environment, read once at load: all functions of a local run share one process, so nothing may be read from
 * it at request time.
 */
const read = (name: string, fallback: string): string => process.env[name] ?? fallback;

/** Where the service runs and what its tables are called. */
export const env = {
  stage: read("STAGE", "local"),
  region: read("AWS_REGION", "eu-central-1"),
  dynamodbEndpoint: process.env["DYNAMODB_ENDPOINT"],
  sessionsTable: read("SESSIONS_TABLE", "active-session-local-sessions"),
  identityTable: read("IDENTITY_TABLE", "active-session-local-identity"),
  activityTable: read("ACTIVITY_TABLE", "active-session-local-activity"),
  billingTable: read("BILLING_TABLE", "active-session-local-billing"),
  /** `iss` of every token, and the base of the URLs that the service gives out. */
  issuer: read("ISSUER", "http://localhost:3000"),
  /** Where the keys are: a file in local runs, a parameter when deployed. */
  secrets: { parameter: process.env["SECRETS_PARAMETER"], file: process.env["SECRETS_FILE"] },
  /** Where letters and short messages go instead of being sent: local runs alone have one. */
  outboxFile: process.env["OUTBOX_FILE"],
  /** The address that letters come from; Amazon SES has to know it. */
  mailFrom: read("MAIL_FROM", "no-reply@localhost"),
  /** Where new resources are made, and which tenants (by comma) are with AWS whatever the others are. */
  provider: read("PROVIDER", "local"),
  awsProviderTenants: read("AWS_PROVIDER_TENANTS", ""),
  /** How long the simulated provider takes to make a thing. */
  localProviderDelayMs: Number(read("LOCAL_PROVIDER_DELAY_MS", "300")),
  /** `aud` of every access token. */
  audience: read("AUDIENCE", "active-session"),
} as const;
