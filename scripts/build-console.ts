/** `npm run build:console` bundles the console into `console/dist`, from where its function serves it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build, type Metafile, stop } from "esbuild";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SOURCE = join(ROOT, "console");
const OUTPUT = join(SOURCE, "dist");
/** From the root, as esbuild names it. */
const ENTRY = "console/main.tsx";

/** The gateway does not compress: what can be is kept in the forms that browsers take. */
const compressions = {
  ".br": (bytes: Uint8Array) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  ".gz": (bytes: Uint8Array) => promisify(gzip)(bytes),
} as const;

/**
 * Bundles the console. Scripts and styles carry the digest of what is in them in their names, so that browsers may keep
 * them for ever; `index.html` names the ones to begin with.
 */
export async function buildConsole(output = OUTPUT): Promise<void> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [ENTRY],
    outdir: output,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "error",
  });
  // Its process would stay for as long as this one.
  await stop();
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  files.set("icon.svg", readFileSync(join(SOURCE, "icon.svg")));
  const packed = await Promise.all([...files].flatMap(([name, contents]) => forms(name, contents)));
  mkdirSync(output, { recursive: true });
  for (const [name, contents] of packed) writeChanged(join(output, name), contents);
  writeChanged(join(output, "index.html"), Buffer.from(pageOf(metafile)));
  const current = new Set([...packed.map(([name]) => name), "index.html"]);
  for (const name of readdirSync(output)) if (!current.has(name)) rmSync(join(output, name));
}

/** Leaves a file alone that is so already: a local run may be serving it. */
function writeChanged(path: string, contents: Uint8Array): void {
  if (!existsSync(path) || !readFileSync(path).equals(contents)) writeFileSync(path, contents);
}

function forms(name: string, contents: Uint8Array): Array<Promise<readonly [string, Uint8Array]>> {
  const compressed = Object.entries(compressions).map(
    async ([ending, compress]) => [`${name}${ending}`, await compress(contents)] as const,
  );
  return [Promise.resolve([name, contents] as const), ...compressed];
}

function pageOf({ outputs }: Metafile): string {
  // Pages that are loaded later are entry points as well.
  const [script, entry] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === ENTRY) ?? [];
  if (script === undefined || entry?.cssBundle === undefined) throw new Error(`${ENTRY} was not bundled.`);
  const names = { script: basename(script), style: basename(entry.cssBundle) };
  return readFileSync(join(SOURCE, "index.html"), "utf8")
    .replace("{script}", `/console/${names.script}`)
    .replace("{style}", `/console/${names.style}`);
}

if (resolve(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) await buildConsole();
