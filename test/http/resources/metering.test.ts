import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";
import { localClient } from "../../support/dynamodb-local.ts";

const app = await startApp();
const client = localClient();
afterAll(() => {
  client.destroy();
  app.stop();
});

const { attachmentTable } = await import("../../../lib/aws/attachment-table.ts");

const activity = (await import("../../../lib/aws/activity-table.ts")).activityTable(client);

const VM = { type: "vm", name: "web-1", spec: { vcpus: 2, memoryGiB: 0.5, image: "debian-13" } };
const SECOND = 1000;

async function make(by: SignedIn, body: object): Promise<string> {
  const { body: made } = await by.request("POST", "/v1/resources", { body });
  app.clock.advance(300);
  await by.request("GET", `/v1/resources/${made.id}`);
  return made.id;
}

/** The levels of one gauge: `[seconds since the resource was asked for, value]`. */
async function readings(by: SignedIn, id: string, meter: string): Promise<unknown[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: process.env["BILLING_TABLE"],
      IndexName: "usage-index",
      KeyConditionExpression: "usageKey = :series",
      ExpressionAttributeValues: { ":series": { S: `${by.user.tenantId}#${id}#${meter}` } },
    }),
  );
  const createdAt = (await by.request("GET", `/v1/resources/${id}`)).body.createdAt;
  return Items.map((item) => [(Number(item["atMs"]?.N) - Date.parse(createdAt)) / SECOND, item["value"]?.S]);
}

describe("the gauges of a resource's life", () => {
  test("count a machine while it runs, from when its provider says so", async () => {
    const { owner: user } = await app.tenant();
    const owner = await app.signIn(user);
    const { body } = await owner.request("POST", "/v1/resources", { body: VM });
    // Nobody looks for a minute: the machine ran from 300 ms on all the same.
    await app.deliverStreams();
    app.clock.advance(60 * SECOND);
    await owner.request("PATCH", `/v1/resources/${body.id}`, { body: { spec: { vcpus: 4 } } });
    app.clock.advance(60 * SECOND);
    await owner.request("POST", `/v1/resources/${body.id}/stop`);
    app.clock.advance(60 * SECOND);
    await owner.request("POST", `/v1/resources/${body.id}/start`);
    app.clock.advance(60 * SECOND);
    await owner.request("DELETE", `/v1/resources/${body.id}`);
    expect(await readings(owner, body.id, "cpu")).toEqual([
      [0.3, "2"],
      [60, "4"],
      [120, "0"],
      [180, "4"],
      [240, "0"],
    ]);
    expect(await readings(owner, body.id, "memory")).toEqual([
      [0.3, "0.5"],
      [120, "0"],
      [180, "0.5"],
      [240, "0"],
    ]);
    expect(await readings(owner, body.id, "storage")).toEqual([]);
  });

  test("count a database's disk while it is stopped", async () => {
    const { member: user } = await app.tenant();
    const member = await app.signIn(user);
    const id = await make(member, {
      type: "database",
      name: "db",
      spec: { engine: "postgres", vcpus: 2, memoryGiB: 8, storageGiB: 50 },
    });
    await member.request("POST", `/v1/resources/${id}/stop`);
    expect(await readings(member, id, "cpu")).toEqual([
      [0.3, "2"],
      [0.3, "0"],
    ]);
    expect(await readings(member, id, "storage")).toEqual([[0.3, "50"]]);
  });

  test("count every machine of a group", async () => {
    const { member: user } = await app.tenant();
    const member = await app.signIn(user);
    const id = await make(member, {
      type: "instance_group",
      name: "workers",
      spec: { template: { vcpus: 2, memoryGiB: 1.25, image: "debian-13" }, desired: 3, min: 0, max: 5 },
    });
    app.clock.advance(700);
    await member.request("PATCH", `/v1/resources/${id}`, { body: { spec: { desired: 0 } } });
    expect(await readings(member, id, "cpu")).toEqual([
      [0.3, "6"],
      [1, "0"],
    ]);
    expect(await readings(member, id, "memory")).toEqual([
      [0.3, "3.75"],
      [1, "0"],
    ]);
  });

  test("count nothing that was never made", async () => {
    const { member: user } = await app.tenant();
    const member = await app.signIn(user);
    const id = await make(member, { ...VM, spec: { ...VM.spec, image: "fail:capacity" } });
    expect(await readings(member, id, "cpu")).toEqual([]);
  });

  test("name the activity record that they come from", async () => {
    const { member: user } = await app.tenant();
    const member = await app.signIn(user);
    const id = await make(member, VM);
    await member.request("POST", `/v1/resources/${id}/stop`);
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: process.env["BILLING_TABLE"],
        IndexName: "usage-index",
        KeyConditionExpression: "usageKey = :series",
        ExpressionAttributeValues: { ":series": { S: `${member.user.tenantId}#${id}#cpu` } },
      }),
    );
    const actions = await Promise.all(
      Items.map(
        async (item) => (await activity.get(member.user.tenantId, item["activityId"]?.S ?? ""))?.action,
      ),
    );
    expect(actions).toEqual(["vm:provision", "vm:stop"]);
  });
});

describe("who held a resource when", () => {
  test("is known of the resource, its tenant and each session", async () => {
    const tenant = await app.tenant();
    const [owner, member] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    const startAtMs = app.clock.now();
    const id = await make(member, VM);
    app.clock.advance(10 * SECOND);
    await owner.request("POST", `/v1/resources/${id}/attach`);
    app.clock.advance(10 * SECOND);
    await member.request("POST", `/v1/resources/${id}/detach`);
    app.clock.advance(10 * SECOND);
    await member.request("POST", `/v1/resources/${id}/attach`);
    const table = attachmentTable(client);
    const at = (seconds: number) => startAtMs + seconds * SECOND + (seconds === 0 ? 0 : 300);
    const [beganBy, endedBy] = [expect.stringMatching(/^act_/), expect.stringMatching(/^act_/)];
    const ofMember = { resourceId: id, sessionId: member.sessionId, beganBy };
    const first = { ...ofMember, fromAtMs: at(0), toAtMs: at(20), endedBy };
    const second = { ...ofMember, sessionId: owner.sessionId, fromAtMs: at(10), toAtMs: null };
    const third = { ...ofMember, fromAtMs: at(30), toAtMs: null };
    const always = { startAtMs: 0, endAtMs: at(3600) };
    expect(await table.ofResource(tenant.id, id, always)).toEqual([first, second, third]);
    expect(await table.ofTenant(tenant.id, always)).toEqual([first, second, third]);
    expect(await table.ofSession(tenant.id, member.sessionId)).toEqual([first, third]);
    expect(await table.heldBy(tenant.id, member.sessionId)).toEqual([id]);
    // Half open: what ends as the period begins, or begins as it ends, is outside of it.
    const period = { startAtMs: at(20), endAtMs: at(30) };
    expect(await table.ofResource(tenant.id, id, period)).toEqual([second]);
    expect(await table.ofTenant(tenant.id, period)).toEqual([second]);
    expect(await table.ofTenant(tenant.id, { startAtMs: at(20) - 1, endAtMs: at(30) + 1 })).toEqual([
      first,
      second,
      third,
    ]);
  });

  test("ends with the session, at its logical end", async () => {
    const tenant = await app.tenant({ policy: { idleTimeoutSeconds: 60 } });
    const member = await app.signIn(tenant.member);
    const id = await make(member, VM);
    const lastSeenAtMs = app.clock.now();
    app.clock.advance(600 * SECOND);
    await app.invoke("sweepExpiredSessions", {});
    await app.invoke("reconcileResources", {});
    const [attachment] = await attachmentTable(client).ofResource(tenant.id, id, {
      startAtMs: 0,
      endAtMs: app.clock.now(),
    });
    expect(attachment?.sessionId).toBe(member.sessionId);
    expect(Math.abs((attachment?.toAtMs ?? 0) - lastSeenAtMs - 60 * SECOND)).toBeLessThanOrEqual(6 * SECOND);
  });

  test("ends with the session where a shorter policy has ended it, which also stops its machine", async () => {
    const tenant = await app.tenant({ policy: { idleTimeoutSeconds: 86_400, onSessionEnd: "stop" } });
    const member = await app.signIn(tenant.member);
    const id = await make(member, VM);
    const lastSeenAtMs = app.clock.now();
    app.clock.advance(60 * SECOND);
    const owner = await app.signIn(tenant.owner);
    const shorter = { idleTimeoutSeconds: 600, onSessionEnd: "stop" };
    expect((await owner.request("PUT", "/v1/tenant/policy", { body: shorter })).status).toBe(200);
    app.clock.advance(900 * SECOND);
    await app.invoke("sweepExpiredSessions", {});
    await app.invoke("reconcileResources", {});
    app.clock.advance(60 * SECOND);
    const again = await app.signIn(tenant.owner);
    const { state, attachedSessions } = (await again.request("GET", `/v1/resources/${id}`)).body;
    expect({ state, attachedSessions }).toEqual({ state: "stopped", attachedSessions: [] });
    const ends = (await app.records(tenant.id)).filter(
      ({ action, sessionId }) => action === "session:end" && sessionId === member.sessionId,
    );
    expect(ends).toMatchObject([{ attributes: { reason: "idle_expired" }, source: "system" }]);
    expect(Math.abs((ends[0]?.timeMs ?? 0) - lastSeenAtMs - 600 * SECOND)).toBeLessThanOrEqual(60 * SECOND);
  });

  test("ends with the session, and no later policy moves one end without the other", async () => {
    const tenant = await app.tenant({ policy: { idleTimeoutSeconds: 300 } });
    const member = await app.signIn(tenant.member);
    const id = await make(member, VM);
    app.clock.advance(600 * SECOND);
    await app.invoke("reconcileResources", {});
    const owner = await app.signIn(tenant.owner);
    const longer = await owner.request("PUT", "/v1/tenant/policy", { body: { idleTimeoutSeconds: 1800 } });
    expect(longer.status).toBe(200);
    app.clock.advance(3600 * SECOND);
    await app.invoke("sweepExpiredSessions", {});
    await app.invoke("reconcileResources", {});
    const listed = (await (await app.signIn(tenant.owner)).request("GET", "/v1/sessions")).body.items;
    const { endedAt } = listed.find((session: { id: string }) => session.id === member.sessionId);
    const period = { startAtMs: 0, endAtMs: app.clock.now() };
    const [attachment] = await attachmentTable(client).ofResource(tenant.id, id, period);
    expect(attachment?.toAtMs).toBe(Date.parse(endedAt));
  });
});
