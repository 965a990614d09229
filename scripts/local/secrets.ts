import { createSecretsFile } from "../../lib/aws/secrets-file.ts";

/** Makes the signing, sealing and refresh keys of this work tree once: a restart keeps tokens and cursors valid. */
export async function makeSecrets(path: string): Promise<void> {
  await createSecretsFile(path, Date.now());
}
