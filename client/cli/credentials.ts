import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Tokens } from "../client.ts";

/** Where somebody is signed in, and with what. */
export interface Credentials extends Tokens {
  readonly url: string;
  readonly email: string;
}

/** Reads the file; `undefined` where nobody is signed in. */
export async function readCredentials(file: string): Promise<Credentials | undefined> {
  try {
    // We wrote it ourselves; who else can write it can do anything in its owner's name already.
    return JSON.parse(await readFile(file, "utf8")) as Credentials;
  } catch (thrown) {
    if (Object(thrown).code === "ENOENT") return undefined;
    throw thrown;
  }
}

/** Writes the file, for its owner's eyes alone, and in one piece; `undefined` removes it. */
export async function writeCredentials(file: string, credentials: Credentials | undefined): Promise<void> {
  if (credentials === undefined) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
}
