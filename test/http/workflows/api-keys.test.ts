import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TestTenant } from "../../support/accounts.ts";
import { type SignedIn, startApp } from "../../support/app.ts";
import { injectFaults } from "../../support/faults.ts";
import { claimsOf, makeKey, tokenOf } from "../../support/oauth-client.ts";

const app = await startApp({ env: { POWERTOOLS_LOG_LEVEL: "SILENT" } });
const { dynamoClient } = await import("../../../lib/aws/dynamo-client.ts");
afterAll(() => app.stop());

let tenant: TestTenant;
let owner: SignedIn;

beforeAll(async () => {
  tenant = await app.tenant();
  owner = await app.signIn(tenant.owner);
});

const VM = { type: "vm", name: "build", spec: { vcpus: 2, memoryGiB: 4, image: "debian-13" } };

describe("an API key", () => {
  test("has its secret shown once, and never on record, and says when it was last used", async () => {
    const made = await owner.request("POST", "/v1/api-keys", {
      body: { name: "deploy", roles: ["member"], expiresAt: "2026-04-01T00:00:00Z" },
    });
    const { secret, ...shown } = made.body;
    expect(secret).toMatch(/^ask_[A-Za-z0-9_-]{43}$/);
    expect(shown).toEqual({
      id: expect.stringMatching(/^key_[0-9a-z]{26}$/),
      name: "deploy",
      roles: ["member"],
      createdBy: tenant.owner.userId,
      createdAt: "2026-03-02T09:00:00.000Z",
      expiresAt: "2026-04-01T00:00:00.000Z",
    });
    expect((await owner.request("GET", "/v1/api-keys")).body.items).toEqual([shown]);
    expect(JSON.stringify(await app.records(tenant.id, made))).not.toContain(secret);
    app.clock.advance(1000);
    await tokenOf(app, made.body);
    const [used] = (await owner.request("GET", "/v1/api-keys")).body.items;
    expect(used.lastUsedAt).toBe("2026-03-02T09:00:01.000Z");
  });

  test("opens a workflow session that is listed beside the others, and carries its run wherever it goes", async () => {
    const key = await makeKey(owner);
    const answer = await tokenOf(app, key, { run_id: "build-7", ref: "refs/heads/main" });
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 300,
      scope: "member",
    });
    expect(answer.headers["pragma"]).toBe("no-cache");
    const wfl = { provider: "api-key", runId: "build-7", ref: "refs/heads/main" };
    expect(claimsOf(answer.body.access_token)).toMatchObject({ sub: key.id, tid: tenant.id, wfl });
    const token = answer.body.access_token;
    const made = await app.request("POST", "/v1/resources", { token, body: VM });
    const sessions = (await owner.request("GET", `/v1/sessions?userId=${key.id}`)).body.items;
    expect(sessions).toMatchObject([
      { kind: "workflow", status: "active", roles: ["member"], wfl, workflow: wfl },
    ]);
    expect(made.body).toMatchObject({ ownerId: key.id, ownerSessionId: sessions[0].id });
    const [record] = await app.records(tenant.id, made);
    expect(record).toMatchObject({ workflow: wfl, actor: { type: "key", id: key.id, name: "deploy" } });
    const started = await app.records(tenant.id, answer);
    expect(started.map(({ action, workflow }) => [action, workflow])).toEqual(
      expect.arrayContaining([
        ["auth:token", wfl],
        ["session:start", wfl],
      ]),
    );
  });

  test("joins the session of a run that it is asked for again, also many times at once", async () => {
    const key = await makeKey(owner);
    const asked = await Promise.all(
      Array.from({ length: 5 }, () => tokenOf(app, key, { run_id: "parallel" })),
    );
    const sids = new Set(asked.map(({ body }) => claimsOf(body.access_token)["sid"]));
    expect(sids.size).toBe(1);
    const [one, other] = [await tokenOf(app, key), await tokenOf(app, key)];
    const runs = [one, other].map(({ body }) => claimsOf(body.access_token)["wfl"]);
    expect(runs[0]).not.toEqual(runs[1]);
  });

  test("is good for nothing from its end on, and neither is what it opened", async () => {
    const theirs = await app.tenant();
    const me = await app.signIn(theirs.owner);
    const expiresAt = new Date(app.clock.now() + 60_000).toISOString();
    const key = await makeKey(me, { expiresAt });
    const { access_token: token } = (await tokenOf(app, key)).body;
    app.clock.advance(59_999);
    expect((await app.request("GET", "/v1/me", { token })).status).toBe(200);
    app.clock.advance(1);
    const after = await app.request("GET", "/v1/me", { token });
    expect([after.status, after.body.reason]).toEqual([401, "absolute_expired"]);
    expect((await tokenOf(app, key)).body.error).toBe("invalid_client");
  });

  test("takes its sessions with it when it is deleted, at the very next request", async () => {
    const key = await makeKey(owner);
    const { access_token: token } = (await tokenOf(app, key)).body;
    expect((await owner.request("DELETE", `/v1/api-keys/${key.id}`)).status).toBe(204);
    const after = await app.request("GET", "/v1/me", { token });
    expect([after.status, after.body.code, after.body.reason]).toEqual([401, "session.ended", "revoked"]);
    expect((await tokenOf(app, key)).status).toBe(401);
    expect((await owner.request("DELETE", `/v1/api-keys/${key.id}`)).status).toBe(404);
  });

  test("takes along what was left when its deletion was interrupted, once that is repeated", async () => {
    for (const calls of [2, 3, 4, 5, 6]) {
      const key = await makeKey(owner);
      const { access_token: token } = (await tokenOf(app, key)).body;
      let made = 0;
      const heal = injectFaults(dynamoClient(), () => (++made > calls ? "killed" : "none"));
      await owner.request("DELETE", `/v1/api-keys/${key.id}`);
      heal();
      await owner.request("DELETE", `/v1/api-keys/${key.id}`);
      const after = await app.request("GET", "/v1/me", { token });
      expect([after.body.code, after.body.reason]).toEqual(["session.ended", "revoked"]);
    }
  });

  test("holds the roles that it has: they are not deleted under it, and change with it", async () => {
    const allow = (action: string) => [{ effect: "allow", actions: [action], resources: ["*"] }];
    await owner.request("POST", "/v1/roles", { body: { name: "ci", statements: allow("user:list") } });
    const key = await makeKey(owner, { roles: ["ci"] });
    const { access_token: token } = (await tokenOf(app, key)).body;
    expect((await app.request("GET", "/v1/users", { token })).status).toBe(200);
    await owner.request("PUT", "/v1/roles/ci", { body: { statements: allow("role:list") } });
    expect((await app.request("GET", "/v1/users", { token })).status).toBe(403);
    expect((await owner.request("DELETE", "/v1/roles/ci")).status).toBe(409);
    await owner.request("DELETE", `/v1/api-keys/${key.id}`);
    expect((await owner.request("DELETE", "/v1/roles/ci")).status).toBe(204);
  });

  test("is made once for an idempotency key, and its secret is given again", async () => {
    const send = () =>
      owner.request("POST", "/v1/api-keys", {
        body: { name: "once", roles: ["member"] },
        headers: { "idempotency-key": "key-1" },
      });
    const [first, again] = [await send(), await send()];
    expect(again.body).toEqual(first.body);
    const named = (await owner.request("GET", "/v1/api-keys?limit=200")).body.items.filter(
      ({ name }: { name: string }) => name === "once",
    );
    expect(named).toHaveLength(1);
  });
});

describe("a run", () => {
  test("shows its actions, resources and cost, to itself and to those who may see it", async () => {
    const key = await makeKey(owner);
    const { access_token: token } = (await tokenOf(app, key, { run_id: "run-1", ref: "v1" })).body;
    const vm = (await app.request("POST", "/v1/resources", { token, body: VM })).body.id;
    const run = await app.request("GET", "/v1/workflows/run-1", { token });
    expect(run.body).toMatchObject({
      ...{ runId: "run-1", provider: "api-key", ref: "v1", status: "active" },
      sessions: [{ userId: key.id, kind: "workflow", current: true }],
      resources: [{ id: vm, type: "vm", name: "build" }],
      cost: [],
    });
    const actions = run.body.actions.map(({ action }: { action: string }) => action);
    expect(actions.toSorted()).toEqual(["auth:token", "session:start", "vm:create"]);
    expect((await owner.request("GET", "/v1/workflows/run-1")).body.runId).toBe("run-1");
    const member = await app.signIn(tenant.member);
    const [theirs, nobodys] = [
      await member.request("GET", "/v1/workflows/run-1"),
      await member.request("GET", "/v1/workflows/run-0"),
    ];
    expect([theirs.status, nobodys.status]).toEqual([404, 404]);
    const reader = await app.signIn(tenant.reader);
    expect((await reader.request("POST", "/v1/workflows/run-1/end")).status).toBe(403);
  });

  test("ended by somebody else stays ended, and one that ends itself may go on", async () => {
    const key = await makeKey(owner);
    const join = async (run: string) => (await tokenOf(app, key, { run_id: run })).body;
    const { access_token: token } = await join("own");
    const ended = await app.request("POST", "/v1/workflows/own/end", { token });
    expect(ended.body).toEqual({ runId: "own", status: "ended", ended: 1 });
    expect((await app.request("GET", "/v1/me", { token })).body.reason).toBe("revoked");
    expect(await join("own")).toHaveProperty("access_token");
    expect((await owner.request("POST", "/v1/workflows/own/end")).body.ended).toBe(1);
    expect((await owner.request("POST", "/v1/workflows/own/end")).body.ended).toBe(0);
    expect(await join("own")).toMatchObject({ error: "unauthorized_client" });
    const shown = (await owner.request("GET", "/v1/workflows/own")).body;
    expect(shown).toMatchObject({ status: "ended", sessions: [{ status: "ended" }, { status: "ended" }] });
  });
});
