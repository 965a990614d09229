import { createRequire } from "node:module";
import { type BuildOptions, build } from "esbuild";

type ConfigOf = (serverless: { readonly processedInput: object }) => BuildOptions;

/** Bundles one function as it is deployed: `entry` is its file from the top of the repository. */
export async function bundleFunction(entry: string, outfile: string): Promise<void> {
  const configOf: ConfigOf = createRequire(import.meta.url)("../esbuild.config.cjs");
  const { minify, platform, target, format, plugins, mainFields, banner } = configOf({
    processedInput: { commands: ["package"] },
  });
  const options = { minify, platform, target, format, plugins, mainFields, banner } as BuildOptions;
  await build({ ...options, bundle: true, logLevel: "error", entryPoints: [entry], outfile });
}
