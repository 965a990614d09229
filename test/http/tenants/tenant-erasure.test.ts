import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { PLATFORM_TENANT_ID } from "../../../lib/identity/tenant.ts";
import { type SignedIn, startApp } from "../../support/app.ts";
import { localClient } from "../../support/dynamodb-local.ts";
import { type Fault, injectFaults } from "../../support/faults.ts";
import { inhabit } from "../isolation/world.ts";

const app = await startApp({ env: { WEBHOOKS_TO_LOCALHOST: "allow" } });
const { eraseTenant, EraseRefused } = await import("../../../scripts/tenant/erase-tenant.ts");
const { exportTenant } = await import("../../../scripts/tenant/export-tenant.ts");
const { TABLES } = await import("../../../scripts/tenant/tenant-rows.ts");
// A client of the tool's own: what is done to it does not happen to the product.
const client = localClient();
const reader = localClient();
afterAll(() => {
  client.destroy();
  reader.destroy();
  app.stop();
});

const platform = await app.tenant({ id: PLATFORM_TENANT_ID });
const operatorUser = await platform.addUser(["owner", "operator"], { totp: true });
const operator = await app.signIn(operatorUser);
const meter = { meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "0.04" };
const card = { effectiveFrom: "2020-01-01T00:00:00Z", currency: "USD", minimumCharge: "5", meters: [meter] };
await operator.request("PUT", "/v1/rate-card", { body: card });

const said: string[] = [];
const deps = {
  client,
  now: () => Date.now(),
  settle: async () => undefined,
  say: (line: string) => said.push(line),
};
const whole = { keepInvoices: false, leaveResources: true };

/** A tenant with one of each thing, and with what hangs in rows that are not under its own key. */
async function fullTenant(role: string) {
  app.clock.advance(60_000);
  const { world, owner } = await inhabit(app, await app.signIn(operatorUser), role);
  const rule = {
    provider: "github",
    issuer: "http://localhost:1/issuer",
    audience: "it",
    claims: { sub: "repo:*" },
    roles: ["read-only"],
  };
  await owner.request("PUT", "/v1/workflow-trust", { body: { rules: [rule] } });
  await owner.request("PUT", "/v1/budgets", { body: { amount: "10", thresholds: ["0.5"] } });
  const body = { name: "again", statements: [] };
  await owner.request("POST", "/v1/roles", { body, headers: { "idempotency-key": "once" } });
  await app.deliverStreams();
  app.clock.advance(3_600_000);
  for (const run of ["sealActivity", "rollUpMetrics", "rollUpUsage", "closeMonth"]) await app.invoke(run, {});
  await app.deliverStreams();
  return { world, user: owner.user };
}

/** Every row of every table, read by somebody who knows nothing of the tool, as texts that compare byte by byte. */
async function allRows(from: DynamoDBClient = reader): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const [table, TableName] of Object.entries(TABLES)) {
    const { Items = [], LastEvaluatedKey } = await from.send(
      new ScanCommand({ TableName, ConsistentRead: true }),
    );
    expect(LastEvaluatedKey).toBeUndefined();
    for (const item of Items) {
      const members = Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1));
      rows.push(JSON.stringify([table, Object.fromEntries(members)]));
    }
  }
  return rows.sort();
}

const keyOf = (row: string): string => JSON.parse(row)[1].pk.S;
const ofPlatform = (row: string): boolean => keyOf(row).startsWith(PLATFORM_TENANT_ID);

/** Erases while the tool is killed at each of its writes in turn, and started again; counts the lives that it took. */
async function eraseWithKills(tenantId: string, confirm: string): Promise<number> {
  for (let life = 1; ; life++) {
    let calls = 0;
    const next = (): Fault => (++calls < 3 + life * 2 ? "none" : life % 2 === 0 ? "killed" : "killed_after");
    const stop = injectFaults(client, next);
    try {
      await eraseTenant(deps, { tenantId, confirm, ...whole });
      return life;
    } catch (thrown) {
      expect(thrown).toHaveProperty("message", "Killed.");
    } finally {
      stop();
    }
  }
}

async function nameOf(owner: SignedIn): Promise<string> {
  return (await owner.request("GET", "/v1/me")).body.tenant.name;
}

test("a tenant is exported without what anybody signs in with, then erased to the last row and nobody else's", async () => {
  const going = await fullTenant("going");
  const staying = await fullTenant("staying");
  const { tenantId } = going.world;
  const [owner, neighbour] = [await app.signIn(going.user), await app.signIn(staying.user)];
  const name = await nameOf(owner);
  await app.deliverStreams();

  const lines: string[] = [];
  const write = (line: object) => void lines.push(JSON.stringify(line));
  const report = await exportTenant({ client, now: () => Date.now(), write }, tenantId);
  const before = await allRows();
  const owned = before.filter((row) => row.includes(tenantId) && !ofPlatform(row));
  expect(lines).toHaveLength(1 + Object.values(report.rows).reduce((sum, count) => sum + count, 0));
  // What stands in the platform's partitions for this tenant, such as where its grants are, is the tenant's, too.
  expect(lines.length - 1 + report.leftOut).toBeGreaterThanOrEqual(owned.length);
  expect(lines.filter((line) => !line.includes(tenantId))).toEqual([]);
  const exported = lines.join("\n");
  for (const part of [going.user.email, '"action":"session:start"', '"state":"running"']) {
    expect(exported.includes(part) ? part : "").toBe(part);
  }
  expect(exported.includes(staying.world.tenantId)).toBe(false);
  for (const secret of [/\$argon2[^"]*/, /\\?"(hash|secretHash|sealedSecret)\\?":.{0,40}/]) {
    expect(before.join("\n").match(secret)).not.toBeNull();
    expect(exported.match(secret)?.[0]).toBeUndefined();
  }

  await expect(eraseTenant(deps, { tenantId, confirm: "another", ...whole })).rejects.toThrow(EraseRefused);
  await expect(
    eraseTenant(deps, { tenantId, confirm: name, ...whole, leaveResources: false }),
  ).rejects.toThrow(/resources are not deleted/);
  expect(await allRows()).toEqual(before);

  expect(await eraseWithKills(tenantId, name)).toBeGreaterThan(5);
  const after = await allRows();
  expect(after.filter((row) => row.includes(tenantId) && !ofPlatform(row))).toEqual([]);
  const others = (rows: readonly string[]) => rows.filter((row) => !row.includes(tenantId)).join("\n");
  expect(others(after) === others(before)).toBe(true);

  // What the streams hand on of all this brings nothing back.
  await app.deliverStreams();
  for (const run of ["sweepExpiredSessions", "sealActivity", "rollUpMetrics", "deliverWebhooks"]) {
    await app.invoke(run, {});
  }
  await app.deliverStreams();
  expect((await allRows()).filter((row) => row.includes(tenantId) && !ofPlatform(row))).toEqual([]);
  expect((await owner.request("GET", "/v1/me")).status).toBe(401);
  expect((await neighbour.request("GET", "/v1/me")).status).toBe(200);
  const { email, password } = going.user;
  expect((await app.request("POST", "/v1/auth/login", { body: { email, password } })).body.code).toBe(
    "auth.invalid_credentials",
  );

  const records = (await app.records(PLATFORM_TENANT_ID)).filter(({ action }) => action === "tenant:erase");
  expect(records).toMatchObject([
    { resource: { type: "tenant", id: tenantId }, outcome: "success", source: "system", ip: "" },
  ]);
  expect(JSON.stringify(records)).not.toContain(email);
  expect(await eraseTenant(deps, { tenantId, confirm: name, ...whole })).toMatchObject({
    erased: { identity: 0, sessions: 0, activity: 0, billing: 0, derived: 0 },
  });
});

test("final invoices stay where they are to be kept, can still be exported, and go later by the id", async () => {
  const { world, user } = await fullTenant("billed");
  const owner = await app.signIn(user);
  const { tenantId } = world;
  const name = await nameOf(owner);
  const invoices = (await owner.request("GET", "/v1/invoices")).body.items;
  const final = invoices.filter(({ status }: { status: string }) => status === "final");
  expect(final.length).toBeGreaterThan(0);
  const keeping = { tenantId, confirm: name, keepInvoices: true, leaveResources: true };
  // What the streams have not handed on yet, such as this sign-in, comes while the tool waits.
  const report = await eraseTenant({ ...deps, settle: () => app.deliverStreams() }, keeping);
  expect(report.kept).toBeGreaterThan(1);
  await app.deliverStreams();
  const rows = (await allRows()).filter((row) => row.includes(tenantId) && !ofPlatform(row));
  expect(rows).toHaveLength(report.kept);
  expect(rows.every((row) => /#(invoices|numbers|inv_.*#final#.*)$/.test(keyOf(row)))).toBe(true);
  const lines: object[] = [];
  await exportTenant({ client, now: () => Date.now(), write: (line) => void lines.push(line) }, tenantId);
  expect(JSON.stringify(lines)).toContain(final[0].number);

  expect(await eraseTenant(deps, keeping)).not.toHaveProperty("recordId");
  await expect(eraseTenant(deps, { tenantId, confirm: name, ...whole })).rejects.toThrow("say the id");
  app.clock.advance(1000);
  await eraseTenant(deps, { tenantId, confirm: tenantId, ...whole });
  expect((await allRows()).filter((row) => row.includes(tenantId) && !ofPlatform(row))).toEqual([]);
});

test("the platform's own tenant is not erased", async () => {
  const own = { tenantId: PLATFORM_TENANT_ID, confirm: "Platform", ...whole };
  await expect(eraseTenant(deps, own)).rejects.toThrow(EraseRefused);
});
