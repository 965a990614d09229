import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";
import { tableNames, tableVariables } from "../local/tables.ts";

const LOCAL = ".local/stack.env";

/**
 * Sets the environment that a stage's functions have (resources/environment.yml), as far as a script needs it. Adapters
 * read theirs when they are loaded: import them after this. `local` is the stack that `npm start` has brought up last.
 */
export function enterStage(stage: string): void {
  if (stage === "local") enterLocal();
  const prefix = `active-session-${stage}`;
  for (const [variable, table] of Object.entries(tableVariables(tableNames(prefix)))) {
    process.env[variable] ??= table;
  }
  if (stage !== "local") process.env["SECRETS_PARAMETER"] ??= `/active-session/${stage}/secrets`;
}

function enterLocal(): void {
  if (existsSync(LOCAL)) loadEnvFile(LOCAL);
  if (process.env["DYNAMODB_ENDPOINT"] !== undefined) return;
  console.error("No local stack is up: npm start.");
  process.exit(1);
}
