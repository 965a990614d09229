/**
 * First set-up of a stage, in one command: `npm run operator -- --email ADDRESS [--stage prod] [--dry-run]`. Makes the
 * secrets where there are none, and the platform's tenant with its operator; shows the password and the TOTP secret once.
 * Repeating it changes nothing.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { DescribeTableCommand, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { SSMClient } from "@aws-sdk/client-ssm";
import { enterStage } from "./deploy/enter-stage.ts";
import { sayFailures } from "./deploy/say-failures.ts";

const USAGE = "npm run operator -- --email ADDRESS [--stage prod] [--dry-run]";
sayFailures(USAGE);

const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h", default: false },
    email: { type: "string", default: "" },
    stage: { type: "string", default: process.env["STAGE"] ?? "prod" },
    "dry-run": { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

enterStage(values.stage);
const { accountTable } = await import("../lib/aws/account-table.ts");
const { systemNow } = await import("../lib/aws/clock.ts");
const { dynamoClient } = await import("../lib/aws/dynamo-client.ts");
const { env } = await import("../lib/aws/env.ts");
const { newId } = await import("../lib/aws/ids.ts");
const { passwordHasher } = await import("../lib/aws/password-hasher.ts");
const { factorSeals } = await import("../lib/aws/sign-in-ports.ts");
const { tenantTable } = await import("../lib/aws/tenant-table.ts");
const { totp } = await import("../lib/aws/totp.ts");
const { normaliseEmail } = await import("../lib/identity/user.ts");
const { secretsParameter } = await import("./operator/secrets-parameter.ts");
const { setUp } = await import("./operator/set-up.ts");

const email = normaliseEmail(values.email) ?? fail("Say who the operator is: --email ADDRESS");
const parameter = env.secrets.parameter ?? fail("A local stack makes its own operator: npm start.");

const outcome = await setUp(
  {
    secrets: secretsParameter(new SSMClient({ region: env.region }), parameter, systemNow),
    hasTables,
    findTenant: (tenantId) => tenantTable().get(tenantId),
    accounts: accountTable(),
    newId,
    newPassword: () => randomBytes(18).toString("base64url"),
    hash: passwordHasher().hash,
    enrol: (account) => totp().enrol({ issuer: "Active Session", account }),
    seal: (secret, context) => factorSeals.seal("factor-secret", secret, { context }),
    now: systemNow,
    say: (line) => console.log(line),
  },
  { email, stage: values.stage, isDryRun: values["dry-run"] },
);
process.exitCode = outcome === "ready" || outcome === "dry_run" ? 0 : 1;

async function hasTables(): Promise<boolean> {
  try {
    await dynamoClient().send(new DescribeTableCommand({ TableName: env.identityTable }));
    return true;
  } catch (thrown) {
    if (thrown instanceof ResourceNotFoundException) return false;
    throw thrown;
  }
}

function fail(line: string): never {
  console.error(line);
  process.exit(1);
}
