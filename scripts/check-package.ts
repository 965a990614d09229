/** `npm run package` ends with this: what `sls package` made is held to the rules of scripts/check-package. */
import { globSync, readFileSync } from "node:fs";
import { checkTemplate, RESOURCES_MAX, RULES } from "./check-package/check-template.ts";
import { at, type Template } from "./check-package/stack.ts";
import { unpackedBytes } from "./check-package/unpacked-bytes.ts";

/** Of one function's code, minified: a cold start reads all of it. */
const BUNDLE_BYTES_MAX = 1_000_000;

const directory = process.argv[2] ?? ".serverless";
const template = readJson("cloudformation-template-update-stack.json") as Template;
const state = readJson("serverless-state.json");
const bundles = globSync(`${directory}/*.zip`)
  .map((path) => ({ path, bytes: unpackedBytes(readFileSync(path)) }))
  .toSorted((a, b) => b.bytes - a.bytes);

const problems = [
  ...checkTemplate(template),
  ...bundles
    .filter(({ bytes }) => bytes > BUNDLE_BYTES_MAX)
    .map(({ path, bytes }) => `size: ${path} has ${bytes} bytes: at most ${BUNDLE_BYTES_MAX} are wanted`),
  ...(at(state, "service", "provider", "deletionProtection") === true
    ? []
    : ["deletion protection: the stack can be removed by a slip"]),
];

process.stdout.write(
  `${Object.keys(template.Resources).length} of ${RESOURCES_MAX} resources, largest function ` +
    `${bundles[0]?.path} with ${bundles[0]?.bytes} bytes; ${Object.keys(RULES).length} rules\n`,
);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(`${directory}/${file}`, "utf8"));
}
