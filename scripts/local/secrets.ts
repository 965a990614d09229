import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseSecretsDocument } from "../../lib/aws/secrets-document.ts";
import { createSecretsFile } from "../../lib/aws/secrets-file.ts";

/**
 * Makes the signing, sealing and refresh keys of this work tree once: a restart keeps tokens and cursors valid. The
 * public halves of the signing keys are left beside them for `npm run verify`, those that have retired too.
 */
export async function makeSecrets(directory: string): Promise<void> {
  const path = `${directory}secrets.json`;
  await createSecretsFile(path, Date.now());
  const published = `${directory}jwks.json`;
  const before: { readonly keys: readonly PublicKey[] } = existsSync(published)
    ? JSON.parse(readFileSync(published, "utf8"))
    : { keys: [] };
  const keys = new Map([...before.keys, ...publicKeys(path)].map((key) => [key.kid, key]));
  writeFileSync(published, `${JSON.stringify({ keys: [...keys.values()] }, null, 2)}\n`);
}

interface PublicKey {
  readonly kid: string;
}

function publicKeys(path: string): readonly PublicKey[] {
  const { signingKeys } = parseSecretsDocument(readFileSync(path, "utf8"));
  return signingKeys.map(({ kid, privateKeyJwk: { kty, crv, x, y } }) => ({
    ...{ kty, crv, x, y, kid },
    ...{ alg: "ES256", use: "sig" },
  }));
}
