/** `npm run client-types`: makes the types of `active-session/client` from `openapi.json`; `-- --check` says whether they are current. */
import { readFileSync, writeFileSync } from "node:fs";
import { clientTypes } from "./openapi/client-types.ts";

const FILE = "client/api.ts";

const types = clientTypes(JSON.parse(readFileSync("openapi.json", "utf8")));
if (!process.argv.includes("--check")) {
  writeFileSync(FILE, types);
} else if (readFileSync(FILE, "utf8") !== types) {
  console.error(`${FILE} is not what openapi.json says: npm run client-types`);
  process.exitCode = 1;
}
