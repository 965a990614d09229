import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecretsFile } from "../../lib/aws/secrets-file.ts";
import { bundleFunction } from "../../scripts/bundle-function.ts";
import { tableVariables } from "../../scripts/local/tables.ts";
import { createTables, localAccess } from "../support/dynamodb-local.ts";

const directory = mkdtempSync(join(tmpdir(), "active-session-bundle-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("a function as it is deployed answers from the tables, with the credentials of its environment", async () => {
  const bundle = join(directory, "login.mjs");
  await bundleFunction("functions/auth/login.ts", bundle);
  const refused = await loginThrough(bundle);
  expect(refused).toMatchObject({ statusCode: 401, headers: { "content-type": "application/problem+json" } });
  expect(JSON.parse(refused.body)).toMatchObject({
    type: expect.stringContaining("auth.invalid_credentials"),
  });
});

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Signs nobody in, in a process that has nothing but its environment. */
async function loginThrough(bundle: string): Promise<Answer> {
  const tables = await createTables("bundle");
  const secrets = join(directory, "secrets.json");
  await createSecretsFile(secrets, Date.now());
  const { endpoint, credentials } = localAccess();
  const script = join(directory, "run.mjs");
  writeFileSync(
    script,
    `const { handler } = await import(${JSON.stringify(bundle)});
    process.stdout.write("\\n" + JSON.stringify(await handler(${JSON.stringify(login())}, {})), () => process.exit());`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, [script], {
    encoding: "utf8",
    env: {
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      ...tableVariables(tables),
      SECRETS_FILE: secrets,
      // No guarantee depends on the speed of the machine.
      DYNAMODB_ANSWER_WITHIN_MS: "30000",
    },
  });
  const answer = stdout.split("\n").at(-1);
  if (answer === undefined || answer === "") throw new Error(`The bundle gave no answer: ${stderr}`);
  return JSON.parse(answer);
}

function login() {
  const path = "/v1/auth/login";
  return {
    ...{
      version: "2.0",
      routeKey: `POST ${path}`,
      rawPath: path,
      rawQueryString: "",
      isBase64Encoded: false,
    },
    headers: { "content-type": "application/json" },
    requestContext: {
      ...{ accountId: "000000000000", apiId: "bundle", domainName: "localhost", domainPrefix: "localhost" },
      http: { method: "POST", path, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "bundle/1.0" },
      ...{ requestId: "bundle", routeKey: `POST ${path}`, stage: "$default", time: "", timeEpoch: 0 },
    },
    body: JSON.stringify({ email: "nobody@example.com", password: "correct horse battery staple" }),
  };
}
