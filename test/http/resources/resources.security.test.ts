import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";

// Against an attacker: one tenant's people reach nothing of another's, roles decide on every change, and an order of
// somebody who may not give it any more is not carried out.
const app = await startApp();
afterAll(() => app.stop());

const VM = { type: "vm", name: "web-1", spec: { vcpus: 2, memoryGiB: 4, image: "debian-13" } };
const GROUP = {
  type: "instance_group",
  name: "workers",
  spec: { template: { vcpus: 1, memoryGiB: 1, image: "debian-13" }, desired: 2, min: 1, max: 10 },
};
const POLICY = { metric: "cpu", target: 50, min: 1, max: 8, cooldownSeconds: 0 };

async function make(by: SignedIn, body: object): Promise<string> {
  const { body: made } = await by.request("POST", "/v1/resources", { body });
  app.clock.advance(300);
  await by.request("GET", `/v1/resources/${made.id}`);
  return made.id;
}

const theirs = await app.signIn((await app.tenant()).owner);
const victims = { vm: await make(theirs, VM), group: await make(theirs, GROUP) };
const { owner: ourOwner, member: ourMember, reader: ourReader } = await app.tenant();
const owner = await app.signIn(ourOwner);
const member = await app.signIn(ourMember);
const reader = await app.signIn(ourReader);

const sample = () => ({ time: new Date(app.clock.now()).toISOString(), metric: "cpu", value: "90" });

const ROUTES = [
  ["GET", "", undefined],
  ["PATCH", "", { name: "mine" }],
  ["DELETE", "", undefined],
  ["DELETE", "?cascade=true", undefined],
  ["POST", "/start", undefined],
  ["POST", "/stop", undefined],
  ["POST", "/attach", undefined],
  ["POST", "/detach", undefined],
  ["POST", "/attach-volume", { volumeId: "res_00000000000000000000000000" }],
  ["POST", "/detach-volume", { volumeId: "res_00000000000000000000000000" }],
  ["GET", "/scaling", undefined],
  ["PUT", "/scaling", POLICY],
  ["DELETE", "/scaling", undefined],
  ["GET", "/metrics", undefined],
  ["POST", "/metrics", { samples: [sample()] }],
] as const;

describe("another tenant's resource", () => {
  test.each(ROUTES)(
    "%s …%s answers as one that is not there, and stays as it is",
    async (method, path, body) => {
      const before = (await theirs.request("GET", `/v1/resources/${victims.group}`)).text;
      const foreign = await owner.request(method, `/v1/resources/${victims.group}${path}`, { body });
      const missing = await owner.request(method, `/v1/resources/res_00000000000000000000000000${path}`, {
        body,
      });
      expect(foreign.status).toBe(404);
      expect({ ...foreign.body, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
      expect((await theirs.request("GET", `/v1/resources/${victims.group}`)).text).toBe(before);
    },
  );

  test("is no target, and no volume", async () => {
    const body = { type: "load_balancer", name: "lb", spec: { targets: [victims.vm] } };
    expect((await owner.request("POST", "/v1/resources", { body })).status).toBe(404);
    const vm = await make(owner, VM);
    const attach = await owner.request("POST", `/v1/resources/${vm}/attach-volume`, {
      body: { volumeId: victims.vm },
    });
    expect(attach.status).toBe(404);
  });

  test("is on no list, and no cursor leads to it", async () => {
    const list = await owner.request("GET", "/v1/resources?limit=200");
    const ids = list.body.items.map((item: { id: string }) => item.id);
    expect(ids).not.toContain(victims.vm);
    await make(theirs, VM);
    const { body } = await theirs.request("GET", "/v1/resources?limit=1");
    const cursor = encodeURIComponent(body.nextCursor);
    const answer = await owner.request("GET", `/v1/resources?limit=1&cursor=${cursor}`);
    expect([answer.status, answer.body.code]).toEqual([400, "cursor.invalid"]);
  });

  test.each(["x%23TENANT", "*", "%25", "a%2Fb", "%00", "x".repeat(65)])("is not named by %s", async (id) => {
    expect((await owner.request("GET", `/v1/resources/${id}`)).status).toBe(400);
  });
});

describe("roles", () => {
  test("let a reader look and change nothing, on record as denied", async () => {
    const vm = await make(member, VM);
    expect((await reader.request("GET", `/v1/resources/${vm}`)).status).toBe(200);
    for (const [method, path, body] of ROUTES.filter(([verb]) => verb !== "GET")) {
      const answer = await reader.request(method, `/v1/resources/${vm}${path}`, { body });
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, "access.denied"]);
    }
    expect((await reader.request("POST", "/v1/resources", { body: VM })).status).toBe(403);
    const { activityTable } = await import("../../../lib/aws/activity-table.ts");
    const { records } = await activityTable().find({
      ...{ tenantId: ourReader.tenantId, outcome: "denied", order: "newest_first", limit: 200 },
    });
    expect(records.filter(({ resource }) => resource?.id === vm).map(({ action }) => action)).toEqual(
      expect.arrayContaining(["vm:update", "vm:delete", "vm:start", "vm:ingest", "vm:scale"]),
    );
  });

  test("of somebody who may neither read nor change it hide a resource", async () => {
    const tenant = await app.tenant();
    const billing = await app.signIn(await tenant.addUser(["billing"]));
    const vm = await make(await app.signIn(tenant.member), VM);
    const hidden = await billing.request("GET", `/v1/resources/${vm}`);
    const missing = await billing.request("GET", "/v1/resources/res_00000000000000000000000000");
    expect({ ...hidden.body, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
    expect((await billing.request("GET", "/v1/resources")).status).toBe(403);
  });
});

describe("a scaling policy", () => {
  test("takes no step once its user may not scale any more, and says so once", async () => {
    const tenant = await app.tenant();
    const [boss, worker] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    const group = await make(worker, GROUP);
    await worker.request("PUT", `/v1/resources/${group}/scaling`, { body: POLICY });
    await revokeRoles(worker);
    for (let times = 0; times < 3; times++) {
      await boss.request("POST", `/v1/resources/${group}/metrics`, { body: { samples: [sample()] } });
    }
    const read = await boss.request("GET", `/v1/resources/${group}`);
    expect(read.body.spec.desired).toBe(2);
    expect((await boss.request("GET", `/v1/resources/${group}/scaling`)).body.suspended).toMatchObject({
      reason: "no statement of the roles allows it",
    });
    const { activityTable } = await import("../../../lib/aws/activity-table.ts");
    const { records } = await activityTable().find({
      ...{ tenantId: tenant.id, action: "instance_group:scale", outcome: "denied" },
      ...{ order: "newest_first", limit: 10 },
    });
    expect(records).toEqual([expect.objectContaining({ sessionId: worker.sessionId, source: "system" })]);
  });

  test("takes no step once its session was revoked", async () => {
    const tenant = await app.tenant();
    const [boss, worker] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    const group = await make(worker, GROUP);
    await worker.request("PUT", `/v1/resources/${group}/scaling`, { body: POLICY });
    expect((await boss.request("DELETE", `/v1/sessions/${worker.sessionId}`)).status).toBe(204);
    await boss.request("POST", `/v1/resources/${group}/metrics`, { body: { samples: [sample()] } });
    expect((await boss.request("GET", `/v1/resources/${group}`)).body.spec.desired).toBe(2);
  });
});

/** As a change of roles leaves the user's row. */
async function revokeRoles({ user }: SignedIn): Promise<void> {
  const { DynamoDBClient, UpdateItemCommand } = await import("@aws-sdk/client-dynamodb");
  const { localClient } = await import("../../support/dynamodb-local.ts");
  const client: InstanceType<typeof DynamoDBClient> = localClient();
  await client.send(
    new UpdateItemCommand({
      TableName: process.env["IDENTITY_TABLE"],
      Key: { pk: { S: user.tenantId }, sk: { S: `user#${user.userId}` } },
      UpdateExpression: "SET #roles = :roles",
      ExpressionAttributeNames: { "#roles": "roles" },
      ExpressionAttributeValues: { ":roles": { S: JSON.stringify(["billing"]) } },
    }),
  );
  client.destroy();
}
