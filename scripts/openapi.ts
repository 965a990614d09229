/** `npm run openapi` writes `openapi.json` from the endpoints' specs; with `--check` it only says whether it is current. */
import { readFileSync, writeFileSync } from "node:fs";
import { openApiDocument } from "../lib/http/openapi.ts";
import { findOperations } from "./openapi/find-operations.ts";

const FILE = new URL("../openapi.json", import.meta.url);
const PACKAGE = new URL("../package.json", import.meta.url);

const { version } = JSON.parse(readFileSync(PACKAGE, "utf8")) as { readonly version: string };
makeReadable();
const text = `${JSON.stringify(openApiDocument(await findOperations(), version), null, 2)}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, "utf8") !== text) {
  process.stderr.write("openapi.json is not what the endpoints say: run `npm run openapi` and commit it.\n");
  process.exitCode = 1;
}

/** The endpoints that serve the document import it: after a merge conflict it has to be JSON before it can be made. */
function makeReadable(): void {
  try {
    JSON.parse(readFileSync(FILE, "utf8"));
  } catch {
    writeFileSync(FILE, "{}");
  }
}
