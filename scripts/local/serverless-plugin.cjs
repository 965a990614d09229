const { execFileSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { loadEnvFile } = require("node:process");
const levelGateway = require("./gateway-differences.cjs");

/** Keeps `sls` commands of the stage `local` on this machine, and builds the console into what is deployed. */
module.exports = class LocalStage {
  constructor(serverless, options) {
    const isLocal = () => serverless.service.provider.stage === "local";
    if (options.httpPort !== undefined) levelGateway(Number(options.httpPort));
    this.hooks = {
      // `sls invoke local` runs against the stack that `npm start` has brought up last.
      "before:invoke:local:invoke": () => {
        const environment = join(serverless.serviceDir, ".local", "stack.env");
        if (isLocal() && existsSync(environment)) loadEnvFile(environment);
      },
      // The console's function has its built files beside it.
      "before:package:createDeploymentArtifacts": () => {
        const node = join(serverless.serviceDir, "node_modules", ".bin", "node");
        const script = join("scripts", "build-console.ts");
        execFileSync(node, [script], { cwd: serverless.serviceDir, stdio: "inherit" });
      },
      "before:deploy:deploy": () => {
        if (isLocal())
          throw new serverless.classes.Error("Name the stage to deploy: sls deploy --stage prod");
      },
    };
  }
};
