import { relative } from "node:path";
import type { DemoUser } from "./accounts.ts";
import type { SeededAccounts } from "./seed.ts";
import type { Settings } from "./settings.ts";

/** What a user is shown once everything runs: addresses and logins. */
export function readyBlock(settings: Settings, accounts: SeededAccounts, tookMs: number): string {
  const { operator, agents, tenants } = accounts;
  const file = (name: string) => relative(settings.root, `${settings.directory}${name}`);
  const logins = [
    ["Operator", operator],
    ...agents.map((agent) => ["Support agent", agent] as const),
    ...tenants.flatMap((tenant) => tenant.users.map((user) => [tenant.name, user] as const)),
  ] as const;
  return [
    "",
    `Active Session is ready after ${(tookMs / 1000).toFixed(1)} s. Ctrl-C stops it.`,
    "",
    `  API and console   http://localhost:${settings.port}`,
    `  API reference     http://localhost:${settings.port}/docs`,
    `  Live feed         ws://localhost:${settings.wsPort}`,
    "",
    ...logins.map(([group, user]) => loginLine(group, user)),
    "",
    `  The same in ${file("demo.json")}; SMS and mail in ${file("outbox.jsonl")};`,
    `  the functions' log in .local/${settings.port}/server.log`,
    "",
  ].join("\n");
}

function loginLine(group: string, { email, password, roles, totpSecret }: DemoUser): string {
  const totp = totpSecret === null ? "" : `  TOTP ${totpSecret}`;
  return `  ${group.padEnd(16)}${email.padEnd(28)}${password}  ${roles.join(", ").padEnd(14)}${totp}`;
}
