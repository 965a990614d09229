const { readFileSync } = require("node:fs");
const { isBuiltin } = require("node:module");

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

/** Modules of Node's that are not needed before the first request, and by many functions never. */
const FOR_LATER = new Set(["node:fs/promises", "node:zlib"]);

/**
 * An `import` of a module of Node's reads each of its names, and with them what stands behind them: undici, WebCrypto, the
 * process's streams. `require` does not.
 */
const modulesOfNode = {
  name: "modules-of-node",
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ kind, path }) =>
      kind === "import-statement" && isBuiltin(path) ? { path, namespace: "required" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "required" }, ({ path }) => ({
      contents: FOR_LATER.has(path) ? loadedLater(path) : `module.exports = require("${path}");`,
    }));
  },
};

/** A module whose names are there at once, and itself when one of them is read. */
function loadedLater(path) {
  return `for (const name of "${Object.keys(require(path)).join(" ")}".split(" "))
    Object.defineProperty(exports, name, { enumerable: true, get: () => require("${path}")[name] });`;
}

const SMITHY = "@smithy/core/dist-es/submodules";

/** Files of libraries, and what takes their place on Lambda. */
const REPLACED = [
  // jsonwebtoken asks what Node 6 to 16 could do, with a library for ranges of versions: Node 24 can do all of it.
  [/jsonwebtoken\/lib\/\w+Supported\.js$/, () => "module.exports = true;"],
  // Of Systems Manager one parameter is read, yet its client knows the errors of 140 operations, each with all that it
  // mentions: 70 KB. An error that is not registered comes as an `SSMServiceException` of its name.
  [/client-ssm\/dist-es\/schemas\/schemas_0\.js$/, withoutErrors],
  // What a schema is as JSON Schema is asked when the OpenAPI document is made, which is not on Lambda.
  [/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/, namesAlone],
  // Nobody writes configuration files into a function: where to look for settings is its environment.
  [endsIn(`${SMITHY}/config/shared-ini-file-loader/loadSharedConfigFiles.js`), noConfigurationFiles],
  // Asking whether there is a global `crypto` loads all of WebCrypto.
  [endsIn(`${SMITHY}/serde/uuid/v4.js`), randomIdsOfNode],
  // DynamoDB streams no events back, and its endpoints are not to be discovered unless somebody asks for that.
  [endsIn(`${SMITHY}/event-streams/index.js`), () => "export {};"],
  [/middleware-endpoint-discovery\/dist-es\/index\.js$/, noEndpointDiscovery],
];

const replacements = {
  name: "replacements",
  setup(build) {
    for (const [filter, replace] of REPLACED)
      build.onLoad({ filter }, ({ path }) => ({ contents: replace(readFileSync(path, "utf8")) }));
  },
};

function endsIn(path) {
  return new RegExp(`${path.replaceAll(".", "\\.")}$`);
}

/** Names of members that are computed keep in what nobody uses: written out, they do not. */
function withoutErrors(source) {
  const names = new Map(
    [...source.matchAll(/^const (\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return source
    .replace(/^n0_registry\.registerError\((?!ParameterNotFound).*$/gm, "")
    .replace(/\[(\w+)\]: /g, (member, name) => (names.has(name) ? `${names.get(name)}: ` : member));
}

/** What a file exports, as functions that do nothing. */
function namesAlone(source) {
  const names = [...source.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
  return `const nothing = () => nothing;\n${names.map((name) => `export const ${name} = nothing;`).join("\n")}`;
}

function noConfigurationFiles() {
  return `export { CONFIG_PREFIX_SEPARATOR } from "./constants";
    export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`;
}

function randomIdsOfNode() {
  return 'import { randomUUID } from "node:crypto"; export const bindV4 = () => () => randomUUID();';
}

function noEndpointDiscovery() {
  return `export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
      environmentVariableSelector: () => undefined, configFileSelector: () => undefined, default: undefined,
    };
    export const resolveEndpointDiscoveryConfig = (config) => config;`;
}

/** For what runs on Lambda alone: a cold start reads and compiles all that is left in (docs/adr/0023). */
const forLambda = [sdkWhereItFits, credentialsOfTheEnvironment, modulesOfNode, replacements];

/** What both bundles have in common: ES modules for the runtime that Lambda has. */
const shared = {
  platform: "node",
  target: "node24",
  format: "esm",
  bundle: true,
  // The files that a package brings along are watched even without a pattern: whoever built the console beside a local
  // run had each of its files start every bundle again, all at once.
  watch: { pattern: [], chokidar: { ignored: () => true } },
};

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
