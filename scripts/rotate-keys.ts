/**
 * Rotates a key of a deployment: `node scripts/rotate-keys.ts LIST [--immediately]`, where LIST is `signing`,
 * `sealing`, `refresh`, `code` or `factor`. The document is the SSM parameter that SECRETS_PARAMETER names, or the
 * file that SECRETS_FILE names. `npm run operator` makes the parameter of a new deployment.
 *
 * Signing: the new key signs after 10 min, and the old one goes 20 min from now. With `--immediately`, after a leak, it
 * takes over at once; every server follows within a minute. The other lists keep one old key: run it twice to be rid
 * of one that leaked, at the price of what it made.
 */
import { parseArgs } from "node:util";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import {
  parseSecretsDocument,
  rotateSigningKey,
  rotateSymmetricKey,
  type SecretsDocument,
  type SymmetricKeys,
} from "../lib/aws/secrets-document.ts";
import { changeSecretsFile } from "../lib/aws/secrets-file.ts";

const SYMMETRIC: Readonly<Record<string, keyof SymmetricKeys>> = {
  sealing: "sealingKeys",
  refresh: "refreshKeys",
  code: "codeKeys",
  factor: "factorKeys",
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { immediately: { type: "boolean", default: false } },
});
const { SECRETS_PARAMETER: parameter, SECRETS_FILE: file } = process.env;
const nowMs = Date.now();

if (parameter !== undefined) await changeParameter(parameter, rotation(positionals[0]));
else if (file !== undefined) await changeSecretsFile(file, rotation(positionals[0]));
else fail("Set SECRETS_PARAMETER or SECRETS_FILE to say where the secrets are.");

function rotation(list: string | undefined): (document: SecretsDocument) => SecretsDocument {
  if (list === "signing") {
    return (document) => rotateSigningKey(document, nowMs, { immediately: values.immediately });
  }
  const symmetric = SYMMETRIC[list ?? ""] ?? fail("Name a list: signing, sealing, refresh, code or factor.");
  // A secret of an authenticator app may be years old: the keys that sealed it all stay.
  const keep = symmetric === "factorKeys" ? Number.POSITIVE_INFINITY : 1;
  return (document) => rotateSymmetricKey(document, symmetric, keep);
}

async function changeParameter(
  name: string,
  change: (document: SecretsDocument) => SecretsDocument,
): Promise<void> {
  const answer = await new SSMClient({}).send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  const Value = JSON.stringify(change(parseSecretsDocument(answer.Parameter?.Value ?? "")));
  await new SSMClient({}).send(
    new PutParameterCommand({ Name: name, Type: "SecureString", Value, Overwrite: true }),
  );
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
