import { randomBytes } from "node:crypto";
import { madeOnce } from "./once.ts";
import type { Settings } from "./settings.ts";

/** A login of the local run, as `.local/demo.json` shows it. `totpSecret` is base32, or `null` without a second factor. */
export interface DemoUser {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string | null;
  readonly roles: readonly string[];
}

/** Everybody who can sign in to a fresh local run. */
export interface DemoAccounts {
  readonly operator: DemoUser;
  readonly agents: readonly DemoUser[];
  readonly tenants: ReadonlyArray<{ readonly name: string; readonly users: readonly DemoUser[] }>;
}

/** The accounts of this work tree: made once, so that data kept on disk stays usable. */
export async function demoAccounts(settings: Settings): Promise<DemoAccounts> {
  const text = await madeOnce(`${settings.directory}accounts.json`, () =>
    JSON.stringify(createAccounts(), null, 2),
  );
  return JSON.parse(text) as DemoAccounts;
}

/** The operator, an agent and two tenants, with passwords and secrets of their own. */
export function createAccounts(): DemoAccounts {
  return {
    operator: createUser("operator@platform.example", ["owner", "operator"], true),
    agents: [createUser("agent@platform.example", ["support-agent"], true)],
    tenants: [createTenant("Acme", "acme.example"), createTenant("Globex", "globex.example")],
  };
}

function createTenant(name: string, domain: string): DemoAccounts["tenants"][number] {
  return {
    name,
    users: [
      createUser(`owner@${domain}`, ["owner"], true),
      createUser(`member@${domain}`, ["member"], false),
      createUser(`reader@${domain}`, ["read-only"], false),
    ],
  };
}

/** A login with a random password. */
export function createUser(email: string, roles: readonly string[], withTotp: boolean): DemoUser {
  return {
    email,
    password: randomBytes(15).toString("base64url"),
    totpSecret: withTotp ? base32(randomBytes(20)) : null,
    roles,
  };
}

/** RFC 4648 base32; 20 bytes need no padding. */
function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{5}/g) ?? [];
  return groups.map((group) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(Number.parseInt(group, 2))).join("");
}
