import { setTimeout as wait } from "node:timers/promises";
import type { DemoUser } from "../local/accounts.ts";
import { type ApiSession, signIn } from "./api.ts";
import type { DemoReport, Progress } from "./report.ts";
import { settledAlerts } from "./settled-alerts.ts";

const IDLE_SECONDS = 10;
/** As many as raise `access.denied_burst`. */
const REFUSALS = 5;

/** A demo tenant of `.local/demo.json`. */
export interface DemoTenant {
  readonly id: string;
  readonly name: string;
  readonly users: readonly DemoUser[];
}

/**
 * A short day of one tenant: sign in with TOTP, make a machine and a disk, be refused, go idle, end; then the month is
 * billed as far as it has come.
 */
export async function playLive(
  baseUrl: string,
  { operator, tenant }: { readonly operator: DemoUser; readonly tenant: DemoTenant },
  say: Progress,
): Promise<DemoReport> {
  const login = (role: string) => {
    const user = tenant.users.find(({ roles }) => roles.includes(role));
    if (user === undefined) throw new Error(`${tenant.name} has nobody with the role ${role}.`);
    return user;
  };
  say(`${tenant.name}: the owner signs in with a code, the others with a password`);
  const owner = await signIn(baseUrl, login("owner"), say);
  const member = await signIn(baseUrl, login("member"), say);
  const reader = await signIn(baseUrl, login("read-only"), say);
  const policy = await owner.call("GET", "/v1/tenant/policy");
  await owner.call("PUT", "/v1/tenant/policy", { body: { ...policy, idleTimeoutSeconds: IDLE_SECONDS } });
  try {
    await work(member, say);
    await beRefused({ member, reader }, say);
    await goIdle({ owner, member }, say);
  } finally {
    await owner.call("PUT", "/v1/tenant/policy", { body: policy });
  }
  const period = new Date().toISOString().slice(0, 7);
  const billing = await signIn(baseUrl, operator, say);
  await billing.call("POST", "/v1/billing/runs", { body: { period, tenantId: tenant.id } });
  const report = {
    title: `${tenant.name}, just now`,
    tenant: { id: tenant.id, name: tenant.name },
    sessions: await namedSessions(owner),
    denied: await owner.all("/v1/activity?outcome=denied"),
    alerts: await settledAlerts(owner),
    invoices: await owner.all("/v1/invoices"),
  };
  await billing.send("POST", "/v1/auth/logout");
  await owner.send("POST", "/v1/auth/logout");
  return report;
}

/** The sessions with the addresses of their users, which a session itself does not have. */
async function namedSessions(owner: ApiSession): Promise<DemoReport["sessions"]> {
  const [sessions, users] = await Promise.all([owner.all("/v1/sessions"), owner.all("/v1/users")]);
  const names = new Map(users.map(({ id, email }) => [id, email]));
  return sessions.map((session) => ({ ...session, userName: names.get(session.userId) }));
}

async function work(member: ApiSession, say: Progress): Promise<void> {
  const task = { taskId: "demo-build" };
  const machine = await member.call("POST", "/v1/resources", {
    ...task,
    body: { type: "vm", name: "demo-build", spec: { vcpus: 4, memoryGiB: 8, image: "debian-12" } },
  });
  const disk = await member.call("POST", "/v1/resources", {
    ...task,
    body: { type: "volume", name: "demo-data", spec: { sizeGiB: 50 } },
  });
  await untilRunning(member, [machine.id, disk.id]);
  await member.call("POST", "/v1/usage", {
    ...task,
    mediaType: "application/cloudevents+json",
    body: {
      specversion: "1.0",
      id: `${machine.id}-${Date.now()}`,
      source: "/demo/network",
      type: "usage.network",
      subject: machine.id,
      time: new Date().toISOString(),
      data: { value: "12.5", sessionId: member.sessionId },
    },
  });
  say(`  the member runs ${machine.id} and ${disk.id}, and sends 12.5 GiB`);
}

async function untilRunning(member: ApiSession, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    for (let tries = 0; (await member.call("GET", `/v1/resources/${id}`)).state !== "running"; tries++) {
      if (tries === 100) throw new Error(`${id} did not come up.`);
      await wait(100);
    }
  }
}

async function beRefused(
  { member, reader }: { readonly member: ApiSession; readonly reader: ApiSession },
  say: Progress,
): Promise<void> {
  const body = { type: "vm", name: "not-mine", spec: { vcpus: 1, memoryGiB: 1, image: "debian-12" } };
  let create = await reader.send("POST", "/v1/resources", { body });
  // Once is a mistake; so often is what an alert is for.
  for (let again = 1; again < REFUSALS; again++)
    create = await reader.send("POST", "/v1/resources", { body });
  const users = await member.send("POST", "/v1/users", {
    body: { email: "friend@example.com", name: "Friend", roles: ["owner"] },
  });
  say(
    `  the reader may not make a machine (${create.status}) and tries ${REFUSALS} times, the member not invite anybody (${users.status})`,
  );
}

/** The owner goes on working; the member does nothing, and is out. */
async function goIdle(
  { owner, member }: { readonly owner: ApiSession; readonly member: ApiSession },
  say: Progress,
): Promise<void> {
  say(`  the member is idle for ${IDLE_SECONDS} s`);
  for (let second = 0; second < IDLE_SECONDS + 2; second += 3) {
    await wait(3000);
    await owner.call("GET", "/v1/me");
  }
  const refused = await member.send("GET", "/v1/me");
  say(`  the member's next request: ${refused.status} ${refused.body.code}, ${refused.body.reason ?? ""}`);
}
