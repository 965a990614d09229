import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { mockClient } from "aws-sdk-client-mock";
import { deploymentSecrets, secretsSource } from "../../../lib/aws/secrets.ts";
import {
  createSecretsDocument,
  parseSecretsDocument,
  rotateSigningKey,
} from "../../../lib/aws/secrets-document.ts";
import { changeSecretsFile, createSecretsFile } from "../../../lib/aws/secrets-file.ts";
import { deployment, NOW_MS } from "./deployment.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "secrets-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("reads once for many at once, and again after 60 s", async () => {
  const own = deployment();
  await Promise.all(Array.from({ length: 20 }, () => own.secrets.current()));
  own.clock.nowMs = NOW_MS + 59_999;
  await own.secrets.current();
  expect(own.reads).toBe(1);
  own.clock.nowMs = NOW_MS + 60_000;
  await own.secrets.current();
  expect(own.reads).toBe(2);
});

test("goes on with what it has for 15 min while the store does not answer, then says unavailable", async () => {
  const text = JSON.stringify(createSecretsDocument(NOW_MS));
  const clock = { nowMs: NOW_MS, isUp: true };
  const secrets = secretsSource({
    readText: async () => {
      if (!clock.isUp) throw new Error("throttled");
      return text;
    },
    now: () => clock.nowMs,
  });
  const first = await secrets.current();
  clock.isUp = false;
  clock.nowMs = NOW_MS + 15 * 60_000 - 1;
  expect(await secrets.current()).toBe(first);
  clock.nowMs = NOW_MS + 15 * 60_000;
  await expect(secrets.current()).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 1 });
  clock.isUp = true;
  expect(await secrets.current()).toBe(first);
});

test("reads the SSM parameter decrypted", async () => {
  const ssm = mockClient(SSMClient);
  const document = createSecretsDocument(NOW_MS);
  ssm
    .on(GetParameterCommand, { Name: "/active-session/secrets", WithDecryption: true })
    .resolves({ Parameter: { Value: JSON.stringify(document) } });
  const secrets = deploymentSecrets({ parameter: "/active-session/secrets" }, () => NOW_MS);
  expect((await secrets.current()).signingKeys[0]?.kid).toBe(document.signingKeys[0]?.kid);
  ssm.restore();
});

test("says where secrets may be if it is told nothing", () => {
  expect(() => deploymentSecrets({}, () => NOW_MS)).toThrow("SECRETS_PARAMETER nor SECRETS_FILE");
});

test("makes the local file once, for its owner alone, and never over an existing one", async () => {
  const path = join(folder, "secrets.json");
  expect(await createSecretsFile(path, NOW_MS)).toBe(true);
  const text = await readFile(path, "utf8");
  expect(await createSecretsFile(path, NOW_MS)).toBe(false);
  expect(await readFile(path, "utf8")).toBe(text);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const secrets = deploymentSecrets({ file: path }, () => NOW_MS);
  expect((await secrets.current()).signingKeys).toHaveLength(1);
});

test("changes the local file and keeps it to its owner", async () => {
  const path = join(folder, "secrets.json");
  await createSecretsFile(path, NOW_MS);
  await changeSecretsFile(path, (document) => rotateSigningKey(document, NOW_MS));
  expect(parseSecretsDocument(await readFile(path, "utf8")).signingKeys).toHaveLength(2);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("a document with a thousand rotations behind it fits an SSM parameter of 4 KB", () => {
  let document = createSecretsDocument(NOW_MS);
  for (let i = 0; i < 1000; i += 1) document = rotateSigningKey(document, NOW_MS + i * 1_200_000);
  expect(JSON.stringify(document).length).toBeLessThan(4096);
});

test.each([
  ["signingKeys", []],
  ["sealingKeys", ["c2hvcnQ"]],
  ["refreshKeys", undefined],
  ["codeKeys", ["not base64url!"]],
  ["factorKeys", [7]],
])("refuses a document whose %s are %j, without showing them", (name, value) => {
  const text = JSON.stringify({ ...createSecretsDocument(NOW_MS), [name]: value });
  expect(() => parseSecretsDocument(text)).toThrow(
    /^The secrets document is not usable: [A-Za-z ]+ is missing or wrong\.$/,
  );
});
