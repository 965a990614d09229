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
  // The SDK is bundled: its version is the tested one, and one file loads sooner than the runtime's many.
  // But for the clients of the AWS provider, which few need and which are loaded when they are: the runtime has them.
  exclude: [
    "@aws-sdk/client-auto-scaling",
    "@aws-sdk/client-ec2",
    "@aws-sdk/client-elastic-load-balancing-v2",
    "@aws-sdk/client-rds",
    "@aws-sdk/credential-providers",
  ],
  mainFields: ["module", "main"],
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
