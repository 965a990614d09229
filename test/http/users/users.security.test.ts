import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";

// Members that are not a client's to set change nothing, other tenants are not reached, and what was taken is gone at
// once.

const app = await startApp();
afterAll(() => app.stop());

const SMUGGLED = [
  { role: "owner" },
  { isAdmin: true },
  { tenantId: "ten_other" },
  { id: "usr_other" },
  { userId: "usr_other" },
  { createdAt: "2020-01-01T00:00:00.000Z" },
  { mfaVerified: true },
  { factorTypes: ["totp"] },
  { status: "active" },
  { version: 9 },
  { ttl: 1 },
  { pk: "ten_other" },
  { sk: "tenant" },
  { passwordHash: "$argon2id$" },
];

describe("A06 members that are not to be set", () => {
  test.each(SMUGGLED)("%j is refused when a user is made, and nobody is made", async (smuggled) => {
    const me = await app.signIn((await app.tenant()).owner);
    const before = await me.request("GET", "/v1/users");
    const refused = await me.request("POST", "/v1/users", {
      body: { email: "eve@evil.example", roles: ["member"], ...smuggled },
    });
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0].pointer).toBe(`/${Object.keys(smuggled)[0]}`);
    expect((await me.request("GET", "/v1/users")).body).toEqual(before.body);
  });

  test.each([...SMUGGLED, { password: "an owl reads the morning paper" }])(
    "%j is refused when a user is changed, and nothing is changed",
    async (smuggled) => {
      const { owner, member } = await app.tenant();
      const me = await app.signIn(owner);
      const path = `/v1/users/${member.userId}`;
      const before = await me.request("GET", path);
      const refused = await me.request("PATCH", path, { body: { name: "Eve", ...smuggled } });
      expect(refused.status).toBe(400);
      const after = await me.request("GET", path);
      expect([after.body, after.headers["etag"]]).toEqual([before.body, before.headers["etag"]]);
    },
  );

  test.each(['{"__proto__":{"disabled":true}}', '{"constructor":{"prototype":{"disabled":true}}}'])(
    "A07 %s is refused, and nobody else is changed by it",
    async (body) => {
      const { owner, member, reader } = await app.tenant();
      const me = await app.signIn(owner);
      expect((await me.request("PATCH", `/v1/users/${member.userId}`, { body })).status).toBe(400);
      const made = await me.request("PATCH", `/v1/users/${reader.userId}`, { body: { name: "Same" } });
      expect(made.body.disabled).toBe(false);
    },
  );
});

describe("another tenant's user", () => {
  test("is not found by any call, and neither changed nor told of it", async () => {
    const [mine, theirs] = [await app.tenant(), await app.tenant()];
    const [me, them] = [await app.signIn(mine.owner), await app.signIn(theirs.owner)];
    const path = `/v1/users/${theirs.member.userId}`;
    const missing = "/v1/users/usr_00000000000000000000000000";
    const before = await them.request("GET", path);
    const recordsBefore = await app.records(theirs.id);
    for (const [method, suffix, options] of [
      ["GET", "", {}],
      ["PATCH", "", { body: { disabled: true } }],
      ["DELETE", "", {}],
      ["POST", "/invitation", {}],
    ] as const) {
      const foreign = await me.request(method, path + suffix, options);
      const random = await me.request(method, missing + suffix, options);
      expect(foreign.status).toBe(404);
      expect({ ...foreign.body, requestId: "" }).toEqual({ ...random.body, requestId: "" });
    }
    const listed = await me.request("GET", "/v1/users?limit=200");
    expect(listed.text).not.toContain(theirs.id);
    expect(await app.records(theirs.id)).toEqual(recordsBefore);
    expect((await them.request("GET", path)).body).toEqual(before.body);
  });

  test("A03 is not reached by naming the tenant in a header, a query or a cursor of theirs", async () => {
    const [mine, theirs] = [await app.tenant(), await app.tenant()];
    const [me, them] = [await app.signIn(mine.owner), await app.signIn(theirs.owner)];
    const listed = await me.request("GET", `/v1/users?tenantId=${theirs.id}`, {
      headers: { "x-tenant-id": theirs.id },
    });
    const tenantIds = listed.body.items.map(({ tenantId }: { tenantId: string }) => tenantId);
    expect(new Set(tenantIds)).toEqual(new Set([mine.id]));
    const { body } = await them.request("GET", "/v1/users?limit=1");
    const stolen = await me.request("GET", `/v1/users?limit=1&cursor=${encodeURIComponent(body.nextCursor)}`);
    expect(stolen.body.code).toBe("cursor.invalid");
  });
});

test.each(["x%23TENANT%23other", "USER%23admin", "%25", "*", "..%2f..", "user%23usr_1", "%00"])(
  "I07 an id that no id can be is refused: %s",
  async (id) => {
    const me = await app.signIn((await app.tenant()).owner);
    expect((await me.request("GET", `/v1/users/${id}`)).status).toBe(400);
    expect((await me.request("GET", `/v1/tenants/${id}`)).status).toBe(400);
    expect((await me.request("GET", `/v1/roles/${id}`)).status).toBe(400);
  },
);

test.each([
  ["other letter case", (email: string) => email.toUpperCase()],
  ["a Kelvin sign for the k", (email: string) => email.replace("k", "\u212a")],
  ["a dotless i for the i", (email: string) => email.replace("i", "\u0131")],
  ["full-width letters", (email: string) => email.replace("k", "\uff4b")],
  ["a trailing dot", (email: string) => `${email}.`],
  ["a space before it", (email: string) => ` ${email}`],
])("L07 no second account comes of an address with %s", async (_what, spelled) => {
  const tenant = await app.tenant();
  const me = await app.signIn(tenant.owner);
  const email = `kim-${tenant.id.slice(-8)}@northwind.example`;
  await me.request("POST", "/v1/users", { body: { email, roles: [] } });
  const again = await me.request("POST", "/v1/users", { body: { email: spelled(email), roles: [] } });
  expect([400, 409]).toContain(again.status);
});

test("of twenty at once who make a user of one address, one makes it", async () => {
  const me = await app.signIn((await app.tenant()).owner);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      me.request("POST", "/v1/users", { body: { email: "race@northwind.example", roles: [] } }),
    ),
  );
  const statuses = answers.map(({ status }) => status).toSorted();
  expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
});

test("a password never comes back, and is not on record", async () => {
  const { id, owner } = await app.tenant();
  const me = await app.signIn(owner);
  const password = "an owl reads the morning paper";
  const made = await me.request("POST", "/v1/users", {
    body: { email: "secret@northwind.example", password, roles: ["member"] },
  });
  expect(made.text).not.toMatch(/password|argon2/i);
  expect(JSON.stringify(await app.records(id))).not.toMatch(/an owl|argon2/);
});

test("an invitation's token is neither in the answer nor on record", async () => {
  const { id, owner } = await app.tenant();
  const me = await app.signIn(owner);
  const made = await me.request("POST", "/v1/users", {
    body: { email: "invited@northwind.example", roles: ["member"] },
  });
  expect(Object.keys(made.body)).not.toContain("token");
  expect(JSON.stringify(await app.records(id))).not.toMatch(/token|invitationId/);
});
