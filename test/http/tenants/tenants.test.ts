import { afterAll, describe, expect, test } from "@jest/globals";
import { PLATFORM_TENANT_ID } from "../../../lib/identity/tenant.ts";
import { startApp } from "../../support/app.ts";
import { messagesTo } from "../../support/outbox.ts";

const app = await startApp();
afterAll(() => app.stop());

const platform = await app.tenant({ id: PLATFORM_TENANT_ID });
const operator = await app.signIn(await platform.addUser(["operator"], { totp: true }));
const PASSWORD = "an owl reads the morning paper";

let tenants = 0;
const ownerAddress = () => `owner-${tenants++}@initech.example`;

describe("the operator", () => {
  test("makes a tenant whose owner signs in at once", async () => {
    const email = ownerAddress();
    const made = await operator.request("POST", "/v1/tenants", {
      body: { name: "Initech", owner: { email, password: PASSWORD } },
    });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^ten_[0-9a-z]{26}$/),
      name: "Initech",
      status: "active",
      createdAt: "2026-03-02T09:00:00.000Z",
      owner: { id: expect.stringMatching(/^usr_/), email, status: "active" },
    });
    const login = await app.request("POST", "/v1/auth/login", { body: { email, password: PASSWORD } });
    expect(login.body.session).toMatchObject({ tenantId: made.body.id, roles: ["owner"] });
  });

  test("makes a tenant whose owner is invited", async () => {
    const email = ownerAddress();
    const made = await operator.request("POST", "/v1/tenants", {
      body: { name: "Initech", owner: { email } },
    });
    expect(made.body.owner.status).toBe("invited");
    expect(messagesTo(email)).toMatchObject([{ subject: "You are invited to Initech" }]);
  });

  test("makes nothing of a tenant where its owner cannot be made", async () => {
    const { owner } = await app.tenant();
    const before = await operator.request("GET", "/v1/tenants?limit=200");
    const make = (email: string, password: string) =>
      operator.request("POST", "/v1/tenants", { body: { name: "Initech", owner: { email, password } } });
    expect((await make(owner.email, PASSWORD)).body.code).toBe("conflict");
    const weak = await make(ownerAddress(), "short");
    expect(weak.body.errors[0].pointer).toBe("/owner/password");
    const after = await operator.request("GET", "/v1/tenants?limit=200");
    expect(after.body).toEqual(before.body);
  });

  test("lists the customers newest first, page by page", async () => {
    app.clock.advance(1000);
    const first = await app.tenant();
    app.clock.advance(1000);
    const second = await app.tenant();
    const page = await operator.request("GET", "/v1/tenants?limit=1");
    const next = encodeURIComponent(page.body.nextCursor);
    const rest = await operator.request("GET", `/v1/tenants?limit=1&cursor=${next}`);
    expect([page.body.items[0].id, rest.body.items[0].id]).toEqual([second.id, first.id]);
    const all = await operator.request("GET", "/v1/tenants?limit=200");
    expect(all.text).not.toContain(PLATFORM_TENANT_ID);
  });

  test("suspends a tenant, whose people are refused from their next request on, and restores it", async () => {
    const { id, owner, member } = await app.tenant();
    const [me, them] = [await app.signIn(owner), await app.signIn(member)];
    const set = (status: string) => operator.request("PATCH", `/v1/tenants/${id}`, { body: { status } });
    expect((await set("suspended")).body.status).toBe("suspended");
    for (const session of [me, them]) {
      const refused = await session.request("GET", "/v1/me");
      expect([refused.status, refused.body.code]).toEqual([403, "access.denied"]);
    }
    const login = { email: member.email, password: member.password };
    expect((await app.request("POST", "/v1/auth/login", { body: login })).status).toBe(401);
    await set("active");
    expect((await me.request("GET", "/v1/me")).status).toBe(200);
  });

  test("renames a tenant, but not over somebody else's change", async () => {
    const { id } = await app.tenant();
    const rename = (name: string) =>
      operator.request("PATCH", `/v1/tenants/${id}`, { body: { name }, headers: { "if-match": '"1"' } });
    expect((await rename("Hooli")).body.name).toBe("Hooli");
    expect((await rename("Pied Piper")).body.code).toBe("precondition.failed");
  });

  test("lets a tenant in again that has shut itself out", async () => {
    const { id, owner } = await app.tenant();
    const me = await app.signIn(owner);
    await me.request("PUT", "/v1/tenant/policy", {
      body: { ipAllowList: ["198.51.100.0/24"], mfa: "required" },
    });
    expect((await me.request("GET", "/v1/tenant/policy")).status).toBe(403);
    await operator.request("PATCH", `/v1/tenants/${id}`, { body: { ipAllowList: [] } });
    const policy = await me.request("GET", "/v1/tenant/policy");
    expect(policy.body).toMatchObject({ ipAllowList: [], mfa: "required" });
    const other = await operator.request("PATCH", `/v1/tenants/${id}`, {
      body: { ipAllowList: ["203.0.113.0/24"] },
    });
    expect(other.body.errors[0].pointer).toBe("/ipAllowList");
  });

  test("neither suspends the platform itself nor shuts it out", async () => {
    const boss = await app.signIn(platform.owner);
    const refused = [
      await operator.request("PATCH", `/v1/tenants/${PLATFORM_TENANT_ID}`, { body: { status: "suspended" } }),
      await boss.request("PUT", "/v1/tenant/policy", { body: { ipAllowList: ["198.51.100.0/24"] } }),
    ];
    expect(refused.map(({ body }) => body.code)).toEqual(["conflict", "conflict"]);
  });
});

describe("the people of a tenant", () => {
  test("read their own entry, with a role for it, and no other", async () => {
    const [mine, theirs] = [await app.tenant(), await app.tenant()];
    const [me, plain] = [await app.signIn(mine.reader), await app.signIn(mine.member)];
    expect((await me.request("GET", `/v1/tenants/${mine.id}`)).body.id).toBe(mine.id);
    expect((await plain.request("GET", `/v1/tenants/${mine.id}`)).status).toBe(403);
    const foreign = await me.request("GET", `/v1/tenants/${theirs.id}`);
    const missing = await me.request("GET", "/v1/tenants/ten_zzzzzzzzzzzzzzzzzzzzzzzzzz");
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
  });

  test("are not the operator, not even as owners", async () => {
    const [mine, theirs] = [await app.tenant(), await app.tenant()];
    const me = await app.signIn(mine.owner);
    const body = { name: "Mine" };
    expect((await me.request("GET", "/v1/tenants")).status).toBe(403);
    expect((await me.request("PATCH", `/v1/tenants/${mine.id}`, { body })).status).toBe(403);
    expect((await me.request("PATCH", `/v1/tenants/${theirs.id}`, { body })).status).toBe(404);
    expect(
      (await me.request("POST", "/v1/tenants", { body: { ...body, owner: { email: "a@b.example" } } }))
        .status,
    ).toBe(403);
  });
});
