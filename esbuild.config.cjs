const { readFileSync } = require("node:fs");

/**
 * Functions that would be over 1 MB with the SDK in them, and so leave it to the runtime: those with the passkeys' or the
 * PDF's libraries or the console's files, and those that speak to EC2.
 */
const SDK_OF_THE_RUNTIME = new Set([
  "functions/auth/index.ts",
  "functions/billing/index.ts",
  "functions/console/index.ts",
  "functions/events/provision-resources.ts",
  "functions/events/reconcile-resources.ts",
  "functions/events/scale-groups.ts",
  "functions/me/index.ts",
  "functions/resources/index.ts",
]);

const sdkWhereItFits = {
  name: "sdk-where-it-fits",
  setup(build) {
    const [entry] = build.initialOptions.entryPoints ?? [];
    if (!SDK_OF_THE_RUNTIME.has(entry)) return;
    build.onResolve({ filter: /^@(aws-sdk|smithy)\// }, ({ path }) => ({ path, external: true }));
  },
};

/** Lambda hands a role's credentials over in the environment: the other places to look are 130 KB of code. */
const credentialsOfTheEnvironment = {
  name: "credentials-of-the-environment",
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ resolveDir }) => ({
      path: "provider",
      namespace: "environment",
      pluginData: resolveDir,
    }));
    build.onLoad({ filter: /.*/, namespace: "environment" }, ({ pluginData }) => ({
      contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
      resolveDir: pluginData,
    }));
  },
};

/** An `import` of these reads each of their names, and one of them loads all of undici: `require` does not. */
const httpWithoutUndici = {
  name: "http-without-undici",
  setup(build) {
    build.onResolve({ filter: /^(node:)?https?$/ }, ({ kind, path }) =>
      kind === "import-statement" ? { path, namespace: "required" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "required" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/** jsonwebtoken asks what Node 6 to 16 could do, with a library for ranges of versions: Node 24 can do all of it. */
const presentNode = {
  name: "present-node",
  setup(build) {
    build.onLoad({ filter: /jsonwebtoken\/lib\/\w+Supported\.js$/ }, () => ({
      contents: "module.exports = true;",
    }));
  },
};

/**
 * Of Systems Manager one parameter is read, yet its client registers the errors of 140 operations, each with all that it
 * mentions: 120 KB. An error that is not registered comes as an `SSMServiceException` of its name.
 */
const errorsOfGetParameter = {
  name: "errors-of-get-parameter",
  setup(build) {
    build.onLoad({ filter: /client-ssm\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(
        /^n0_registry\.registerError\((?!ParameterNotFound).*$/gm,
        "",
      ),
    }));
  },
};

/** For what runs on Lambda alone: a cold start reads and compiles all that is left in (docs/adr/0023). */
const forLambda = [
  ...[sdkWhereItFits, credentialsOfTheEnvironment, errorsOfGetParameter],
  ...[httpWithoutUndici, presentNode],
];

/** What both bundles have in common: ES modules for the runtime that Lambda has. */
const shared = { platform: "node", target: "node24", format: "esm", bundle: true, watch: { pattern: [] } };

/** A local run resolves packages from node_modules: it starts in seconds and is never shipped. */
const local = {
  ...shared,
  packages: "external",
  skipRebuild: true,
  sourcemap: "inline",
  outputFileExtension: ".js",
  outputWorkFolder: process.env.BUILD_DIRECTORY ?? ".local/invoke",
};

const deployed = {
  ...shared,
  minify: true,
  legalComments: "none",
  outputFileExtension: ".mjs",
  exclude: [],
  plugins: forLambda,
  mainFields: ["module", "main"],
  // What reads fonts (fontkit) brings a Brotli of its own, 480 KB of it, for WOFF 2 alone, which no font here is.
  alias: { "brotli/decompress.js": "node:zlib" },
  // CommonJS packages (jsonwebtoken, speakeasy) call require, which an ES module does not have.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
};

/** The options of serverless-esbuild, by what the bundle is for. */
module.exports = ({ processedInput }) => {
  const [command] = processedInput.commands;
  return command === "offline" || command === "invoke" ? local : deployed;
};
