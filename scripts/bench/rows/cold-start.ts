/** Row 5: the cold start of the busiest function over an empty process, and the size of its bundle. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { bundleFunction } from "../../bundle-function.ts";
import { median } from "../interleave.ts";
import { type Row, rounded } from "../row.ts";

const ROUNDS = 9;
const BUNDLE_MAX_KIB = 700;

/** Ours is bundled as it is deployed; the peer, with the same SDK, as esbuild does it by default. */
const OURS = "functions/sessions/index.ts";
const SOURCES = {
  peer: `import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
    import { betterAuth } from "better-auth";
    export const client = new DynamoDBClient({ region: "eu-central-1" });
    export const auth = betterAuth({
      secret: "a secret of the measurement, 32 characters", baseURL: "http://localhost",
      emailAndPassword: { enabled: true }, telemetry: { enabled: false },
    });
    export const handler = auth.handler;`,
  sdk: `import { BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
    export const client = new DynamoDBClient({ region: "eu-central-1" });
    export { BatchGetItemCommand };`,
  empty: "export {};",
};

type Name = "ours" | keyof typeof SOURCES;

export async function measure(): Promise<readonly Row[]> {
  const directory = mkdtempSync(join(tmpdir(), "active-session-bench-"));
  try {
    const names = ["ours", ...Object.keys(SOURCES)] as Name[];
    const files = new Map<Name, string>();
    for (const name of names) files.set(name, await bundled(name, join(directory, `${name}.mjs`)));
    const took = new Map<Name, number[]>(names.map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, file] of files) took.get(name)?.push(startMs(file));
    }
    const overEmpty = (name: Name) => median(took.get(name) ?? []) - median(took.get("empty") ?? []);
    const kib = (name: Name) => statSync(files.get(name) ?? "").size / 1024;
    return rowsOf(overEmpty, kib);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function rowsOf(overEmpty: (name: Name) => number, kib: (name: Name) => number): readonly Row[] {
  const share = overEmpty("ours") / overEmpty("peer");
  return [
    {
      name: "5. cold start of the sessions function, CPU over an empty process",
      figure: `${rounded(overEmpty("ours"))} ms`,
      peer: `better-auth with the same SDK: ${rounded(overEmpty("peer"))} ms`,
      ratio: rounded(share),
      target: "≤ 0.6×",
      limit: `${rounded(overEmpty("sdk"))} ms: the SDK alone`,
      reached: share <= 0.6,
    },
    {
      name: "5. its bundle as deployed, with the SDK",
      figure: `${rounded(kib("ours"))} KiB`,
      peer: `better-auth with the same SDK: ${rounded(kib("peer"))} KiB`,
      ratio: rounded(kib("peer") / kib("ours")),
      target: `≤ ${BUNDLE_MAX_KIB} KiB`,
      limit: `${rounded(kib("sdk"))} KiB: the SDK alone`,
      reached: kib("ours") <= BUNDLE_MAX_KIB,
    },
  ];
}

async function bundled(name: Name, outfile: string): Promise<string> {
  if (name === "ours") await bundleFunction(OURS, outfile);
  else {
    await build({
      ...{ bundle: true, minify: true, platform: "node", target: "node24", format: "esm", outfile },
      stdin: { contents: SOURCES[name], resolveDir: process.cwd(), loader: "ts" },
      ...{ mainFields: ["module", "main"], legalComments: "none", logLevel: "error" },
      banner: {
        js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
      },
    });
  }
  return outfile;
}

/** Milliseconds of CPU from nothing until the module is loaded. */
function startMs(file: string): number {
  const script = `await import(${JSON.stringify(pathToFileURL(file).href)});
    const { user, system } = process.cpuUsage();
    process.stdout.write(String((user + system) / 1000), () => process.exit());`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    ...{ encoding: "utf8", env: { ...process.env, SECRETS_PARAMETER: "/bench/secrets" } },
  });
  if (status !== 0) throw new Error(`A bundle could not be loaded: ${stderr.slice(-500)}`);
  return Number(stdout);
}
