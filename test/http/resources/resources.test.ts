import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const VM = { type: "vm", name: "web-1", spec: { vcpus: 2, memoryGiB: 4, image: "debian-13" } };
const VOLUME = { type: "volume", name: "disk-1", spec: { sizeGiB: 100 } };

/** Longer than the simulated provider takes. */
const MADE_MS = 400;

async function make(by: SignedIn, body: object): Promise<string> {
  const { status, text, body: made } = await by.request("POST", "/v1/resources", { body });
  if (status !== 202) throw new Error(text);
  app.clock.advance(MADE_MS);
  const read = await by.request("GET", `/v1/resources/${made.id}`);
  if (read.body.state !== "running") throw new Error(read.text);
  // What is done next comes after it on record.
  app.clock.advance(1);
  return made.id;
}

// For all tests that bring resources of their own and ask for no list.
const { owner, member } = await ownerAndMember();

async function ownerAndMember() {
  const tenant = await app.tenant();
  return { tenant, owner: await app.signIn(tenant.owner), member: await app.signIn(tenant.member) };
}

describe("creating a resource", () => {
  test("answers 202 provisioning and runs once its provider has made it", async () => {
    const made = await member.request("POST", "/v1/resources", { body: { ...VM, tags: { team: "blue" } } });
    expect(made.status).toBe(202);
    expect(made.body).toMatchObject({
      ...VM,
      state: "provisioning",
      tags: { team: "blue" },
      ownerId: member.user.userId,
      ownerSessionId: member.sessionId,
      attachedSessions: [member.sessionId],
      provider: "local",
      pending: { operation: "create" },
    });
    expect(made.headers).toMatchObject({ etag: '"1"', location: `/v1/resources/${made.body.id}` });
    app.clock.advance(299);
    expect((await member.request("GET", `/v1/resources/${made.body.id}`)).body.state).toBe("provisioning");
    app.clock.advance(1);
    const read = await member.request("GET", `/v1/resources/${made.body.id}`);
    expect(read.body).toMatchObject({ state: "running", providerId: expect.stringMatching(/^local-/) });
    expect(read.body.pending).toBeUndefined();
    // What the provider reports is no revision.
    expect(read.headers["etag"]).toBe('"1"');
  });

  test.each([
    ["volume", { sizeGiB: 10 }],
    ["database", { engine: "postgres", vcpus: 2, memoryGiB: 8, storageGiB: 50 }],
    ["load_balancer", { targets: [] }],
    [
      "instance_group",
      { template: { vcpus: 1, memoryGiB: 0.5, image: "debian-13" }, desired: 2, min: 1, max: 5 },
    ],
  ])("makes a %s", async (type, spec) => {
    const id = await make(member, { type, name: "thing", spec });
    expect((await member.request("GET", `/v1/resources/${id}`)).body).toMatchObject({ type, spec });
  });

  test("says in the list, too, what the provider has by now", async () => {
    const { member } = await ownerAndMember();
    const made = await member.request("POST", "/v1/resources", { body: VM });
    app.clock.advance(MADE_MS);
    const list = await member.request("GET", "/v1/resources");
    expect(list.body.items).toEqual([expect.objectContaining({ id: made.body.id, state: "running" })]);
  });

  test("is driven by the table's stream, without anybody looking", async () => {
    const { tenant, member } = await ownerAndMember();
    const made = await member.request("POST", "/v1/resources", { body: VM });
    await app.deliverStreams();
    app.clock.advance(MADE_MS);
    await app.invoke("reconcileResources", {});
    const owner = await app.signIn(tenant.owner);
    const log = await activityOf(owner, made.body.id);
    expect(
      log.map(({ action, outcome, source, sessionId }) => ({ action, outcome, source, sessionId })),
    ).toEqual([
      { action: "vm:provision", outcome: "success", source: "system", sessionId: member.sessionId },
      { action: "vm:create", outcome: "success", source: "api", sessionId: member.sessionId },
    ]);
  });

  test("fails with the provider's reason", async () => {
    const noRoom = await member.request("POST", "/v1/resources", {
      body: { ...VM, spec: { ...VM.spec, image: "fail:capacity" } },
    });
    const broken = await member.request("POST", "/v1/resources", {
      body: { ...VOLUME, tags: { simulate: "fail:hardware" } },
    });
    app.clock.advance(MADE_MS);
    expect((await member.request("GET", `/v1/resources/${noRoom.body.id}`)).body).toMatchObject({
      state: "failed",
      failure: { code: "capacity" },
    });
    expect((await member.request("GET", `/v1/resources/${broken.body.id}`)).body).toMatchObject({
      state: "failed",
      failure: { code: "hardware" },
    });
  });

  test("is done once for an idempotency key", async () => {
    const { member } = await ownerAndMember();
    const headers = { "idempotency-key": "one" };
    const first = await member.request("POST", "/v1/resources", { body: VM, headers });
    const again = await member.request("POST", "/v1/resources", { body: VM, headers });
    expect(again.body).toEqual(first.body);
    expect(again.headers["idempotent-replayed"]).toBe("true");
    expect((await member.request("GET", "/v1/resources")).body.items).toHaveLength(1);
  });

  test.each([
    ["an unknown type", { ...VM, type: "cluster" }, "/type"],
    ["a spec of another type", { ...VM, spec: { sizeGiB: 1 } }, "/spec/vcpus"],
    ["an unknown field", { ...VM, state: "running" }, "/state"],
    ["an unknown field of the spec", { ...VM, spec: { ...VM.spec, gpu: 1 } }, "/spec/gpu"],
    ["a name of 129 characters", { ...VM, name: "x".repeat(129) }, "/name"],
    ["no name", { ...VM, name: "" }, "/name"],
    ["half a vCPU", { ...VM, spec: { ...VM.spec, vcpus: 0.5 } }, "/spec/vcpus"],
    ["a volume of nothing", { ...VOLUME, spec: { sizeGiB: 0 } }, "/spec/sizeGiB"],
    ["a volume below nothing", { ...VOLUME, spec: { sizeGiB: -1 } }, "/spec/sizeGiB"],
    ["a size as text", { ...VOLUME, spec: { sizeGiB: "10" } }, "/spec/sizeGiB"],
    [
      "a group out of its bounds",
      { type: "instance_group", name: "g", spec: { template: VM.spec, desired: 6, min: 1, max: 5 } },
      "/spec/desired",
    ],
  ])("refuses %s", async (_what, body, pointer) => {
    const answer = await member.request("POST", "/v1/resources", { body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  test("takes a name of 128 characters outside the basic plane", async () => {
    const name = "😀".repeat(128);
    const made = await member.request("POST", "/v1/resources", { body: { ...VM, name } });
    expect(made.body.name).toBe(name);
  });
});

describe("changing a resource", () => {
  test("shows what changed on record, with the session that did", async () => {
    const id = await make(member, VM);
    const changed = await owner.request("PATCH", `/v1/resources/${id}`, { body: { spec: { vcpus: 4 } } });
    expect(changed.body).toMatchObject({
      spec: { vcpus: 4, memoryGiB: 4, image: "debian-13" },
      attachedSessions: [member.sessionId, owner.sessionId],
    });
    const [record] = await activityOf(owner, id);
    expect(record).toMatchObject({
      action: "vm:update",
      outcome: "success",
      sessionId: owner.sessionId,
      changes: [
        { path: "/attachedSessions", from: [member.sessionId], to: [member.sessionId, owner.sessionId] },
        { path: "/spec/vcpus", from: 2, to: 4 },
      ],
    });
  });

  test("guards against a lost update by If-Match", async () => {
    const id = await make(member, VM);
    const etag = (await member.request("GET", `/v1/resources/${id}`)).headers["etag"] ?? "";
    const first = await owner.request("PATCH", `/v1/resources/${id}`, {
      body: { name: "mine" },
      headers: { "if-match": etag },
    });
    expect(first.status).toBe(200);
    expect(first.headers["etag"]).not.toBe(etag);
    const second = await member.request("PATCH", `/v1/resources/${id}`, {
      body: { name: "theirs" },
      headers: { "if-match": etag },
    });
    expect([second.status, second.body.code]).toEqual([412, "precondition.failed"]);
    expect((await member.request("GET", `/v1/resources/${id}`)).body.name).toBe("mine");
  });

  test("happens once when two write at the same time", async () => {
    const id = await make(member, VM);
    const headers = { "if-match": '"1"' };
    const answers = await Promise.all(
      [owner, member, owner, member].map((by, place) =>
        by.request("PATCH", `/v1/resources/${id}`, { body: { name: `name-${place}` }, headers }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  });

  test("never shrinks a volume", async () => {
    const id = await make(member, VOLUME);
    const answer = await member.request("PATCH", `/v1/resources/${id}`, { body: { spec: { sizeGiB: 99 } } });
    expect([answer.status, answer.body.code]).toEqual([422, "unprocessable"]);
    const grown = await member.request("PATCH", `/v1/resources/${id}`, { body: { spec: { sizeGiB: 101 } } });
    expect(grown.body.spec).toEqual({ sizeGiB: 101 });
  });

  test("replaces the tags", async () => {
    const id = await make(member, { ...VM, tags: { a: "1", b: "2" } });
    const changed = await member.request("PATCH", `/v1/resources/${id}`, { body: { tags: { b: "3" } } });
    expect(changed.body.tags).toEqual({ b: "3" });
  });

  test("names a member that the type does not have", async () => {
    const id = await make(member, VOLUME);
    const answer = await member.request("PATCH", `/v1/resources/${id}`, { body: { spec: { vcpus: 4 } } });
    expect([answer.status, answer.body.errors]).toEqual([
      400,
      [{ pointer: "/spec/vcpus", message: "is not a known field" }],
    ]);
  });

  test("is undone when the provider says no, and says why", async () => {
    const id = await make(member, { ...VM, tags: { simulate: "fail:resize" } });
    const answer = await member.request("PATCH", `/v1/resources/${id}`, {
      body: { name: "bigger", spec: { vcpus: 8 } },
    });
    expect([answer.status, answer.body.code, answer.body.reason]).toEqual([409, "conflict", "refused"]);
    expect((await member.request("GET", `/v1/resources/${id}`)).body).toMatchObject({
      name: "web-1",
      spec: VM.spec,
      state: "running",
      failure: { code: "refused" },
    });
    const [record] = await activityOf(owner, id);
    expect(record).toMatchObject({ action: "vm:update", outcome: "error", errorCode: "conflict" });
  });

  test("starts and stops what can be, and changes nothing when it is repeated", async () => {
    const id = await make(member, VM);
    const states: string[] = [];
    for (const verb of ["stop", "stop", "start", "start"]) {
      states.push((await member.request("POST", `/v1/resources/${id}/${verb}`)).body.state);
    }
    expect(states).toEqual(["stopped", "stopped", "running", "running"]);
    const volume = await make(member, VOLUME);
    expect((await member.request("POST", `/v1/resources/${volume}/stop`)).status).toBe(422);
  });
});

describe("volumes of a machine", () => {
  test("are attached to one machine at a time", async () => {
    const [vm, other, volume] = [await make(member, VM), await make(member, VM), await make(member, VOLUME)];
    const attach = (id: string) =>
      member.request("POST", `/v1/resources/${id}/attach-volume`, { body: { volumeId: volume } });
    expect((await attach(vm)).body.volumes).toEqual([volume]);
    expect((await attach(vm)).status).toBe(200);
    expect((await attach(other)).status).toBe(409);
    expect((await member.request("GET", `/v1/resources/${volume}`)).body.usedBy).toEqual([vm]);
    const detached = await member.request("POST", `/v1/resources/${vm}/detach-volume`, {
      body: { volumeId: volume },
    });
    expect(detached.body.volumes).toEqual([]);
    expect((await attach(other)).status).toBe(200);
  });

  test("go to one of two machines that want it at once", async () => {
    const [vm, other, volume] = [await make(member, VM), await make(member, VM), await make(member, VOLUME)];
    const answers = await Promise.all(
      [vm, other].map((id) =>
        member.request("POST", `/v1/resources/${id}/attach-volume`, { body: { volumeId: volume } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test("are nothing but volumes", async () => {
    const [vm, other] = [await make(member, VM), await make(member, VM)];
    const attach = (volumeId: string) =>
      member.request("POST", `/v1/resources/${vm}/attach-volume`, { body: { volumeId } });
    expect((await attach(other)).status).toBe(422);
    expect((await attach("res_00000000000000000000000000")).status).toBe(404);
    expect((await attach("res/../x")).status).toBe(400);
  });
});

describe("deleting a resource", () => {
  test("needs a second factor, as every deletion does", async () => {
    const id = await make(member, VM);
    const answer = await member.request("DELETE", `/v1/resources/${id}`);
    expect([answer.status, answer.body.code]).toEqual([403, "mfa.enrollment_required"]);
  });

  test("leaves it readable as deleted, off the list, and changes nothing when it is repeated", async () => {
    const { owner } = await ownerAndMember();
    const id = await make(owner, VM);
    expect((await owner.request("DELETE", `/v1/resources/${id}`)).status).toBe(204);
    expect((await owner.request("DELETE", `/v1/resources/${id}`)).status).toBe(204);
    expect((await owner.request("GET", `/v1/resources/${id}`)).body).toMatchObject({
      state: "deleted",
      attachedSessions: [],
    });
    expect((await owner.request("GET", "/v1/resources")).body.items).toEqual([]);
    expect((await owner.request("GET", "/v1/resources?state=deleted")).body.items).toHaveLength(1);
    for (const [method, path, body] of [
      ["PATCH", "", { name: "x" }],
      ["POST", "/start", undefined],
      ["POST", "/attach", undefined],
    ] as const) {
      expect((await owner.request(method, `/v1/resources/${id}${path}`, { body })).status).toBe(409);
    }
  });

  test("stops before what depends on it, and says what that is", async () => {
    const [vm, volume] = [await make(owner, VM), await make(owner, VOLUME)];
    await owner.request("POST", `/v1/resources/${vm}/attach-volume`, { body: { volumeId: volume } });
    const balancer = await make(owner, { type: "load_balancer", name: "lb", spec: { targets: [vm] } });
    const answer = await owner.request("DELETE", `/v1/resources/${vm}`);
    expect([answer.status, answer.body.code]).toEqual([409, "conflict"]);
    expect(answer.body.dependents).toEqual(
      expect.arrayContaining([
        { type: "volume", id: volume, name: "disk-1" },
        { type: "load_balancer", id: balancer, name: "lb" },
      ]),
    );
    expect((await owner.request("DELETE", `/v1/resources/${volume}`)).body.dependents).toEqual([
      { type: "vm", id: vm, name: "web-1" },
    ]);
  });

  test("takes its dependents along when asked to, each on record", async () => {
    const [vm, spare, volume] = [await make(owner, VM), await make(owner, VM), await make(owner, VOLUME)];
    await owner.request("POST", `/v1/resources/${vm}/attach-volume`, { body: { volumeId: volume } });
    const lone = await make(owner, { type: "load_balancer", name: "lone", spec: { targets: [vm] } });
    const shared = await make(owner, { type: "load_balancer", name: "both", spec: { targets: [vm, spare] } });
    expect((await owner.request("DELETE", `/v1/resources/${vm}?cascade=true`)).status).toBe(204);
    const read = async (id: string) => (await owner.request("GET", `/v1/resources/${id}`)).body;
    expect(await read(vm)).toMatchObject({ state: "deleted" });
    expect(await read(volume)).toMatchObject({ state: "deleted" });
    expect(await read(lone)).toMatchObject({ state: "deleted" });
    expect(await read(shared)).toMatchObject({ state: "running", spec: { targets: [spare] } });
    expect((await activityOf(owner, volume))[0]).toMatchObject({
      action: "volume:delete",
      outcome: "success",
    });
    expect((await activityOf(owner, lone))[0]).toMatchObject({ action: "load_balancer:delete" });
    expect((await activityOf(owner, shared))[0]).toMatchObject({ action: "load_balancer:update" });
  });

  test("lets a machine go of its volume rather than deleting the machine", async () => {
    const [vm, volume] = [await make(owner, VM), await make(owner, VOLUME)];
    await owner.request("POST", `/v1/resources/${vm}/attach-volume`, { body: { volumeId: volume } });
    expect((await owner.request("DELETE", `/v1/resources/${volume}?cascade=true`)).status).toBe(204);
    expect((await owner.request("GET", `/v1/resources/${vm}`)).body).toMatchObject({
      state: "running",
      volumes: [],
    });
  });

  test("that the provider refuses leaves everything as it was", async () => {
    const id = await make(owner, { ...VM, tags: { simulate: "fail:delete" } });
    expect((await owner.request("DELETE", `/v1/resources/${id}`)).status).toBe(409);
    expect((await owner.request("GET", `/v1/resources/${id}`)).body.state).toBe("running");
  });

  test("takes back what is still being made", async () => {
    const { body } = await owner.request("POST", "/v1/resources", { body: VM });
    expect((await owner.request("DELETE", `/v1/resources/${body.id}`)).status).toBe(204);
    await app.deliverStreams();
    app.clock.advance(MADE_MS);
    await app.invoke("reconcileResources", {});
    expect((await owner.request("GET", `/v1/resources/${body.id}`)).body.state).toBe("deleted");
  });
});

describe("an operation under way", () => {
  const SLOW = { ...VM, tags: { simulate: "slow:resize" } };

  test("locks its resource until it is done", async () => {
    const { owner, member } = await ownerAndMember();
    const id = await make(member, SLOW);
    const slow = await member.request("PATCH", `/v1/resources/${id}`, { body: { spec: { vcpus: 4 } } });
    expect(slow.body).toMatchObject({ spec: { vcpus: 2 }, pending: { operation: "resize" } });
    const other = await owner.request("PATCH", `/v1/resources/${id}`, { body: { name: "x" } });
    expect([other.status, other.body.code]).toEqual([409, "conflict"]);
    expect(other.body).toMatchObject({ operation: "resize", heldBySessionId: member.sessionId });
    app.clock.advance(MADE_MS);
    const done = await owner.request("PATCH", `/v1/resources/${id}`, { body: { name: "x" } });
    expect(done.body).toMatchObject({ name: "x", spec: { vcpus: 4 } });
  });

  test("loses the lock with its session", async () => {
    const { owner, member } = await ownerAndMember();
    const id = await make(member, SLOW);
    await member.request("PATCH", `/v1/resources/${id}`, { body: { spec: { vcpus: 4 } } });
    expect((await owner.request("POST", `/v1/resources/${id}/stop`)).status).toBe(409);
    await member.request("POST", "/v1/auth/logout");
    expect((await owner.request("POST", `/v1/resources/${id}/stop`)).body.state).toBe("stopped");
  });
});

describe("who holds a resource", () => {
  test("is who attached it, in that order, until they let go", async () => {
    const { owner, member } = await ownerAndMember();
    const id = await make(member, VM);
    expect((await owner.request("POST", `/v1/resources/${id}/attach`)).body.attachedSessions).toEqual([
      member.sessionId,
      owner.sessionId,
    ]);
    expect((await member.request("POST", `/v1/resources/${id}/detach`)).body.attachedSessions).toEqual([
      owner.sessionId,
    ]);
    expect((await member.request("POST", `/v1/resources/${id}/detach`)).status).toBe(200);
    const held = await member.request("GET", `/v1/resources?sessionId=${owner.sessionId}`);
    expect(held.body.items).toHaveLength(1);
  });

  test("is nobody once the session has ended", async () => {
    const { tenant, member } = await ownerAndMember();
    const id = await make(member, VM);
    await member.request("POST", "/v1/auth/logout");
    await app.deliverStreams();
    const owner = await app.signIn(tenant.owner);
    expect((await owner.request("GET", `/v1/resources/${id}`)).body).toMatchObject({
      attachedSessions: [],
      state: "running",
    });
  });

  test("decides what is stopped at the end of a session, where the tenant wants it", async () => {
    const tenant = await app.tenant({ policy: { onSessionEnd: "stop" } });
    const [owner, member] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    const [lone, shared, disk] = [await make(member, VM), await make(member, VM), await make(member, VOLUME)];
    await owner.request("POST", `/v1/resources/${shared}/attach`);
    await member.request("POST", "/v1/auth/logout");
    await app.deliverStreams();
    const stateOf = async (id: string) => (await owner.request("GET", `/v1/resources/${id}`)).body.state;
    expect([await stateOf(lone), await stateOf(shared), await stateOf(disk)]).toEqual([
      "stopped",
      "running",
      "running",
    ]);
    expect((await activityOf(owner, lone))[0]).toMatchObject({
      action: "vm:stop",
      source: "system",
      sessionId: member.sessionId,
      attributes: { reason: "session_ended" },
    });
  });
});

/** The records of one resource, newest first. */
async function activityOf(owner: SignedIn, id: string): Promise<readonly Record<string, unknown>[]> {
  const { activityTable } = await import("../../../lib/aws/activity-table.ts");
  const { records } = await activityTable().find({
    tenantId: owner.user.tenantId,
    order: "newest_first",
    limit: 200,
  });
  return records
    .filter(({ resource, action }) => resource?.id === id && !action.endsWith(":read"))
    .map((record) => ({ ...record }));
}
