import { open, readFile, rename } from "node:fs/promises";
import type { EpochMs } from "../time.ts";
import { createSecretsDocument, parseSecretsDocument, type SecretsDocument } from "./secrets-document.ts";

/** Only its owner reads a file of secrets. */
const OWNER_ONLY = 0o600;

/** Makes the file of secrets of a local run where there is none yet; says whether it did. Its folder must exist. */
export async function createSecretsFile(path: string, nowMs: EpochMs): Promise<boolean> {
  const file = await open(path, "wx", OWNER_ONLY).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return undefined;
    throw error;
  });
  if (file === undefined) return false;
  try {
    await file.writeFile(JSON.stringify(createSecretsDocument(nowMs), undefined, 2));
  } finally {
    await file.close();
  }
  return true;
}

/** Changes the file in one step: a reader finds the old document or the new one, never half of it. */
export async function changeSecretsFile(
  path: string,
  change: (document: SecretsDocument) => SecretsDocument,
): Promise<void> {
  const changed = change(parseSecretsDocument(await readFile(path, "utf8")));
  const next = `${path}.next`;
  const file = await open(next, "w", OWNER_ONLY);
  try {
    await file.writeFile(JSON.stringify(changed, undefined, 2));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}
