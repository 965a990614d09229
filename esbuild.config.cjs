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
  // The runtime has the SDK. Bundled, it starts some 70 ms sooner, but with the passkeys' library beside it the sign-in
  // functions are over 1 MB (docs/adr/0009).
  exclude: ["@aws-sdk/*", "@smithy/*"],
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
