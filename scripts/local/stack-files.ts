import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { SeededAccounts } from "./seed.ts";
import type { Settings } from "./settings.ts";

/** Writes `.local/demo.json` (contract section 13), and `.local/stack.env` for `sls invoke local`. */
export function writeStackFiles(
  settings: Settings,
  environment: Readonly<Record<string, string>>,
  accounts: SeededAccounts,
): void {
  const { operator, agents, tenants } = accounts;
  const demo = {
    baseUrl: `http://localhost:${settings.port}`,
    wsUrl: `ws://localhost:${settings.wsPort}`,
    operator,
    agents,
    tenants,
  };
  writeFileSync(`${settings.directory}demo.json`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  writeFileSync(stackEnvPath(settings), envFile(environment));
}

/** Takes back what only a running stack has: its bundles, and `stack.env` unless another run has written its own since. */
export function removeRunFiles(settings: Settings): void {
  rmSync(`${settings.runDirectory}bundles`, { recursive: true, force: true });
  const path = stackEnvPath(settings);
  try {
    const text = readFileSync(path, "utf8");
    if (text.includes(`PUBLIC_URL="http://localhost:${settings.port}"\n`)) rmSync(path);
  } catch {
    // There is none: the run ended before it was ready.
  }
}

function stackEnvPath(settings: Settings): string {
  return `${settings.directory}stack.env`;
}

function envFile(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");
}
