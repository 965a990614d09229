import {
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { mockClient } from "aws-sdk-client-mock";
import { secretsParameter } from "../../../scripts/operator/secrets-parameter.ts";
import type { SetUpDeps } from "../../../scripts/operator/set-up.ts";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());
const { setUp } = await import("../../../scripts/operator/set-up.ts");
const { accountTable } = await import("../../../lib/aws/account-table.ts");
const { newId } = await import("../../../lib/aws/ids.ts");
const { passwordHasher } = await import("../../../lib/aws/password-hasher.ts");
const { factorSeals } = await import("../../../lib/aws/sign-in-ports.ts");
const { tenantTable } = await import("../../../lib/aws/tenant-table.ts");
const { totp } = await import("../../../lib/aws/totp.ts");
const { parseSecretsDocument } = await import("../../../lib/aws/secrets-document.ts");

const email = "operator@example.com";
const notThere = new ParameterNotFound({ message: "none", $metadata: {} });
const there = new ParameterAlreadyExists({ message: "there", $metadata: {} });

const ssm = mockClient(SSMClient);
beforeEach(() => ssm.reset());

/** The adapters of the command, on this file's tables and on an SSM that is played. */
function operation(parts: Partial<SetUpDeps> = {}) {
  const said: string[] = [];
  const deps: SetUpDeps = {
    secrets: secretsParameter(new SSMClient({ region: "eu-central-1" }), "/it/secrets", Date.now),
    hasTables: async () => true,
    findTenant: (tenantId) => tenantTable().get(tenantId),
    accounts: accountTable(),
    newId,
    newPassword: () => "a password made by chance",
    hash: passwordHasher().hash,
    enrol: (account) => totp().enrol({ issuer: "Active Session", account }),
    seal: (secret, context) => factorSeals.seal("factor-secret", secret, { context }),
    now: Date.now,
    say: (line) => void said.push(line),
    ...parts,
  };
  const run = (isDryRun = false) => setUp(deps, { email, stage: "it", isDryRun });
  return { run, said };
}

test("a dry run says what would be done and does nothing", async () => {
  ssm.on(GetParameterCommand).rejects(notThere);
  const { run, said } = operation();
  expect(await run(true)).toBe("dry_run");
  expect(said).toEqual([
    "secrets   would be made",
    "tables    there",
    "operator  would be made: operator@example.com",
  ]);
  expect(ssm.commandCalls(PutParameterCommand)).toEqual([]);
  expect(await operation().run(true)).toBe("dry_run");
});

test("before the first deploy it makes the secrets and says what comes next", async () => {
  ssm.on(GetParameterCommand).rejects(notThere).on(PutParameterCommand).resolves({});
  const { run, said } = operation({ hasTables: async () => false });
  expect(await run()).toBe("to_deploy");
  expect(said.at(-1)).toBe("Next: npx sls deploy --stage it, and then this command again.");
  const [put] = ssm.commandCalls(PutParameterCommand);
  expect(put?.args[0].input).toMatchObject({ Name: "/it/secrets", Type: "SecureString", Overwrite: false });
  expect(parseSecretsDocument(put?.args[0].input.Value ?? "").signingKeys).toHaveLength(1);
});

test("secrets that are there are neither read nor replaced, whoever was quicker", async () => {
  ssm.on(GetParameterCommand).rejects(notThere).on(PutParameterCommand).rejects(there);
  const { run, said } = operation({ hasTables: async () => false });
  await run();
  expect(said[0]).toBe("secrets   there");
  ssm.reset();
  ssm.on(GetParameterCommand).resolves({});
  await operation({ hasTables: async () => false }).run();
  expect(ssm.commandCalls(PutParameterCommand)).toEqual([]);
  expect(ssm.commandCalls(GetParameterCommand)[0]?.args[0].input.WithDecryption).toBe(false);
});

test("the operator can sign in with what was shown, which was shown before it was valid; again it changes nothing", async () => {
  ssm.on(GetParameterCommand).resolves({});
  const killed = operation({
    accounts: {
      addTenant: async () => {
        throw new Error("Killed.");
      },
    },
  });
  await expect(killed.run()).rejects.toThrow("Killed.");
  expect(killed.said.join("\n")).toContain("a password made by chance");

  const { run, said } = operation();
  expect(await run()).toBe("ready");
  const totpSecret = /TOTP {6}(\w+)/.exec(said.join("\n"))?.[1] ?? "";
  const operator = await app.signIn({
    ...{ tenantId: "", userId: "", roles: [] },
    ...{ email, password: "a password made by chance", totpSecret },
  });
  expect((await operator.request("GET", "/v1/tenants")).status).toBe(200);

  const again = operation();
  expect(await again.run()).toBe("ready");
  expect(again.said).toEqual([
    "secrets   there",
    "tables    there",
    "operator  there: further ones are added with POST /v1/users",
  ]);
});
