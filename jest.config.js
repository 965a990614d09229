/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
  // Half of the time is waiting for DynamoDB Local, which has the other core.
  maxWorkers: "100%",
  // No guarantee depends on the speed of the machine that runs its test.
  testTimeout: 60_000,
  extensionsToTreatAsEsm: [".ts"],
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  modulePathIgnorePatterns: [
    "<rootDir>/.serverless",
    "<rootDir>/.esbuild",
    "<rootDir>/.local",
    "<rootDir>/.stryker-tmp",
  ],
  // What other services import, as it is here.
  moduleNameMapper: { "^active-session/(middleware|authorizer)$": "<rootDir>/lib/protect/$1.ts" },
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: {
          parser: { syntax: "typescript" },
          target: "es2024",
          experimental: { keepImportAttributes: true },
        },
        module: { type: "es6" },
      },
    ],
  },
};
