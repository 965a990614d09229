import type { Settings } from "./settings.ts";

/** What every function of a local run finds in its environment beside `resources/environment.yml`. */
export function localEnvironment(settings: Settings, dynamoDbEndpoint: string): Record<string, string> {
  return {
    DYNAMODB_ENDPOINT: dynamoDbEndpoint,
    // Functions, database and whoever calls them share one machine.
    DYNAMODB_ANSWER_WITHIN_MS: "4500",
    SECRETS_FILE: `${settings.directory}secrets.json`,
    OUTBOX_FILE: `${settings.directory}outbox.jsonl`,
    // A receiver under development is on this machine. Deployed, nothing but the public Internet is called.
    WEBHOOKS_TO_LOCALHOST: "allow",
    PUBLIC_URL: `http://localhost:${settings.port}`,
    WS_PORT: String(settings.wsPort),
    // Schedules are in UTC, as EventBridge's are.
    TZ: "UTC",
    // The one that serverless.yml gives the functions: a DynamoDB Local without -sharedDb keeps regions apart.
    AWS_REGION: "eu-central-1",
    // Such that nothing that a local run does can reach an account.
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "",
  };
}
