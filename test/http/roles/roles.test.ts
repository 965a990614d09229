import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const allow = (actions: readonly string[], resources: readonly string[] = ["*"]) => ({
  effect: "allow",
  actions,
  resources,
});
const deny = (actions: readonly string[], resources: readonly string[] = ["*"]) => ({
  effect: "deny",
  actions,
  resources,
});
const names = (body: { items: { name: string }[] }) => body.items.map(({ name }) => name);

describe("a role of the tenant's own", () => {
  test("is made, read, replaced and deleted", async () => {
    const me = await app.signIn((await app.tenant()).owner);
    const role = { name: "deployer", description: "Ships it.", statements: [allow(["vm:*"])] };
    const made = await me.request("POST", "/v1/roles", { body: role });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({ ...role, builtIn: false });
    expect((await me.request("GET", "/v1/roles/deployer")).body).toEqual(made.body);
    const replaced = await me.request("PUT", "/v1/roles/deployer", {
      body: { statements: [allow(["vm:start"])] },
      headers: { "if-match": made.headers["etag"] ?? "" },
    });
    expect(replaced.body).toEqual({
      name: "deployer",
      description: "",
      statements: [allow(["vm:start"])],
      builtIn: false,
    });
    expect(replaced.headers["etag"]).toBe('"2"');
    expect((await me.request("DELETE", "/v1/roles/deployer")).status).toBe(204);
    expect((await me.request("GET", "/v1/roles/deployer")).status).toBe(404);
  });

  test("is listed by name beside the built-in ones, page by page", async () => {
    const me = await app.signIn((await app.tenant()).owner);
    await me.request("POST", "/v1/roles", { body: { name: "deployer", statements: [] } });
    const first = await me.request("GET", "/v1/roles?limit=5");
    const next = encodeURIComponent(first.body.nextCursor);
    const second = await me.request("GET", `/v1/roles?limit=5&cursor=${next}`);
    expect(names(first.body)).toEqual(["admin", "auditor", "billing", "deployer", "member"]);
    expect(names(second.body)).toEqual(["owner", "read-only", "support-agent"]);
    expect(second.body.nextCursor).toBeNull();
  });

  test("is in force from the very next request, and so is every change of it", async () => {
    const { owner, member } = await app.tenant();
    const [me, them] = [await app.signIn(owner), await app.signIn(member)];
    const put = (statements: readonly object[]) =>
      me.request("PUT", "/v1/roles/people", { body: { statements } });
    const theirStatus = async () => (await them.request("GET", "/v1/users")).status;
    await me.request("POST", "/v1/roles", { body: { name: "people", statements: [allow(["user:list"])] } });
    expect(await theirStatus()).toBe(403);
    await me.request("PATCH", `/v1/users/${member.userId}`, { body: { roles: ["member", "people"] } });
    expect(await theirStatus()).toBe(200);
    await put([allow(["user:list"]), deny(["user:list"])]);
    expect(await theirStatus()).toBe(403);
    await put([allow(["user:list"])]);
    expect(await theirStatus()).toBe(200);
  });

  test("is not replaced over somebody else's change", async () => {
    const me = await app.signIn((await app.tenant()).owner);
    await me.request("POST", "/v1/roles", { body: { name: "deployer", statements: [] } });
    const put = (description: string) =>
      me.request("PUT", "/v1/roles/deployer", {
        body: { description, statements: [] },
        headers: { "if-match": '"1"' },
      });
    expect((await put("first")).status).toBe(200);
    expect((await put("second")).body.code).toBe("precondition.failed");
    const late = await me.request("DELETE", "/v1/roles/deployer", { headers: { "if-match": '"1"' } });
    expect(late.body.code).toBe("precondition.failed");
    expect((await me.request("GET", "/v1/roles/deployer")).body.description).toBe("first");
  });

  test("is on record with what was changed in it", async () => {
    const { id, owner } = await app.tenant();
    const me = await app.signIn(owner);
    await me.request("POST", "/v1/roles", { body: { name: "deployer", statements: [] } });
    const changed = await me.request("PUT", "/v1/roles/deployer", {
      body: { statements: [allow(["vm:start"])] },
    });
    expect(await app.records(id, changed)).toMatchObject([
      {
        action: "role:update",
        resource: { type: "role", id: "deployer" },
        changes: [{ path: "/statements", from: [], to: [allow(["vm:start"])] }],
      },
    ]);
  });

  test("has a name that is nobody else's, and keeps it", async () => {
    const me = await app.signIn((await app.tenant()).owner);
    const make = () => me.request("POST", "/v1/roles", { body: { name: "deployer", statements: [] } });
    expect((await make()).status).toBe(201);
    expect((await make()).body.code).toBe("conflict");
    const renamed = await me.request("PUT", "/v1/roles/deployer", {
      body: { name: "shipper", statements: [] },
    });
    expect(renamed.body.errors).toEqual([{ pointer: "/name", message: "must be the role's name" }]);
  });

  test.each([
    ["a name with a key separator", { name: "x#role" }, "/name"],
    ["an action that is none", { statements: [allow(["volume"])] }, "/statements/0/actions/0"],
    ["a resource that is none", { statements: [allow(["vm:*"], ["vm"])] }, "/statements/0/resources/0"],
    [
      "a condition that is none",
      { statements: [{ ...allow(["vm:*"]), condition: { moon: "full" } }] },
      "/statements/0/condition/moon",
    ],
    ["101 statements", { statements: Array.from({ length: 101 }, () => allow(["vm:*"])) }, "/statements"],
  ])("is refused with %s", async (_what, wrong, pointer) => {
    const me = await app.signIn((await app.tenant()).owner);
    const refused = await me.request("POST", "/v1/roles", {
      body: { name: "deployer", statements: [], ...wrong },
    });
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0].pointer).toBe(pointer);
  });
});

describe("a built-in role", () => {
  test.each(["owner", "admin", "member", "read-only", "billing", "auditor", "support-agent"])(
    "%s is read, and neither made, replaced nor deleted",
    async (name) => {
      const me = await app.signIn((await app.tenant()).owner);
      const before = await me.request("GET", `/v1/roles/${name}`);
      expect(before.body).toMatchObject({ name, builtIn: true });
      const attempts = [
        await me.request("POST", "/v1/roles", { body: { name: name.toUpperCase(), statements: [] } }),
        await me.request("PUT", `/v1/roles/${name}`, { body: { statements: [] } }),
        await me.request("DELETE", `/v1/roles/${name}`),
      ];
      expect(attempts.map(({ body }) => body.code)).toEqual(["conflict", "conflict", "conflict"]);
      expect((await me.request("GET", `/v1/roles/${name}`)).body).toEqual(before.body);
    },
  );
});

describe("a role in use", () => {
  test("is deleted only after it was taken from everybody", async () => {
    const { owner, member, reader } = await app.tenant();
    const me = await app.signIn(owner);
    await me.request("POST", "/v1/roles", { body: { name: "deployer", statements: [allow(["vm:start"])] } });
    const give = (userId: string, roles: readonly string[]) =>
      me.request("PATCH", `/v1/users/${userId}`, { body: { roles } });
    const remove = async () => (await me.request("DELETE", "/v1/roles/deployer")).status;
    await give(member.userId, ["member", "deployer"]);
    await give(reader.userId, ["deployer"]);
    expect(await remove()).toBe(409);
    await give(member.userId, ["member"]);
    expect(await remove()).toBe(409);
    await me.request("DELETE", `/v1/users/${reader.userId}`);
    expect(await remove()).toBe(204);
  });
});

describe("the simulation", () => {
  const ask = async (statements: readonly object[], requests: readonly object[]) => {
    const me = await app.signIn((await app.tenant()).owner);
    return await me.request("POST", "/v1/roles/simulate", { body: { statements, requests } });
  };

  test("answers in order, and names the statement that decides", async () => {
    const statements = [allow(["volume:*"]), deny(["volume:delete"])];
    const answer = await ask(statements, [
      { action: "volume:create", resource: "volume/res_1" },
      { action: "volume:delete", resource: "volume/res_1" },
      { action: "vm:start", resource: "vm/res_2" },
    ]);
    expect(answer.body.decisions).toEqual([
      {
        decision: true,
        reason: "allowed_by_statement",
        explain: "statement 1 of the role simulated allows it",
        statementIndex: 0,
        statement: statements[0],
      },
      {
        decision: false,
        reason: "denied_by_statement",
        explain: "statement 2 of the role simulated denies it",
        statementIndex: 1,
        statement: statements[1],
      },
      {
        decision: false,
        reason: "no_statement",
        explain: "no statement of the roles allows it",
      },
    ]);
  });

  test.each([
    [{ mfaWithinSeconds: 60 }, { mfaAgeSeconds: 60 }, { mfaAgeSeconds: 61 }],
    [{ ipCidrs: ["192.0.2.0/24"] }, { ip: "192.0.2.7" }, { ip: "192.0.3.7" }],
    [
      { between: { from: "09:00", to: "17:00", timeZone: "Europe/Berlin" } },
      { time: "2026-07-01T07:00:00Z" },
      { time: "2026-07-01T06:59:59Z" },
    ],
    [{ sessionKinds: ["workflow"] }, { sessionKind: "workflow" }, { sessionKind: "interactive" }],
    [{ owner: true }, { owner: true }, { owner: false }],
    [{ tags: { stage: "dev*" } }, { tags: { stage: "dev-1", team: "a" } }, { tags: { stage: "prod" } }],
  ])("weighs the condition %j by the context that is given", async (condition, met, unmet) => {
    const request = { action: "vm:start", resource: "vm/res_1" };
    const answer = await ask(
      [{ ...allow(["vm:start"]), condition }],
      [{ ...request, context: met }, { ...request, context: unmet }, request],
    );
    expect(answer.body.decisions.map(({ decision }: { decision: boolean }) => decision)).toEqual([
      true,
      false,
      // Now is nine o'clock in London and ten in Berlin; everything else is not known.
      "between" in condition,
    ]);
  });

  test("stores nothing", async () => {
    const { owner } = await app.tenant();
    const me = await app.signIn(owner);
    await me.request("POST", "/v1/roles/simulate", {
      body: { statements: [deny(["*"])], requests: [{ action: "vm:start", resource: "*" }] },
    });
    expect((await me.request("GET", "/v1/roles/simulated")).status).toBe(404);
    expect((await me.request("GET", "/v1/users")).status).toBe(200);
  });
});

describe("a refusal", () => {
  test("names statement and role to whoever may read roles, and to nobody else", async () => {
    const { owner, member, reader } = await app.tenant();
    const me = await app.signIn(owner);
    await me.request("POST", "/v1/roles", { body: { name: "closed", statements: [deny(["user:list"])] } });
    for (const user of [member, reader]) {
      const roles = [...user.roles, "closed"];
      await me.request("PATCH", `/v1/users/${user.userId}`, { body: { roles } });
    }
    const [plain, seeing] = [await app.signIn(member), await app.signIn(reader)];
    const refused = await plain.request("GET", "/v1/users");
    expect(refused.body).toMatchObject({ code: "access.denied", reason: "your roles deny it" });
    expect(refused.text).not.toMatch(/closed|statement/);
    const explained = await seeing.request("GET", "/v1/users");
    expect(explained.body).toMatchObject({
      code: "access.denied",
      reason: "your roles deny it",
      explain: "statement 1 of the role closed denies it",
    });
  });
});
