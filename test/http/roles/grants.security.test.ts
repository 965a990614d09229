import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";

// Nobody gives what they do not hold: not by a role they make, not by one they change, not by giving one.

const app = await startApp();
afterAll(() => app.stop());

const PEOPLE = {
  effect: "allow",
  actions: ["user:*", "role:*"],
  resources: ["*"],
};
const VOLUMES = { effect: "allow", actions: ["volume:*"], resources: ["*"] };

/** A tenant with somebody in charge of people and roles who holds nothing else. */
async function tenantWithClerk() {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  await owner.request("POST", "/v1/roles", { body: { name: "clerk", statements: [PEOPLE] } });
  await owner.request("POST", "/v1/roles", { body: { name: "storage", statements: [VOLUMES] } });
  const user = await tenant.addUser([], { totp: true });
  await owner.request("PATCH", `/v1/users/${user.userId}`, { body: { roles: ["clerk"] } });
  const clerk = await app.signIn(user);
  return { tenant, owner, clerk };
}

async function expectRefused(by: SignedIn, method: string, path: string, body: object) {
  const refused = await by.request(method, path, { body });
  expect(refused.status).toBe(403);
  expect(refused.body.code).toBe("access.denied");
}

describe("somebody who manages people and roles, and holds nothing else,", () => {
  test("A08 makes no role that allows more", async () => {
    const { clerk } = await tenantWithClerk();
    await expectRefused(clerk, "POST", "/v1/roles", { name: "more", statements: [VOLUMES] });
    const all = { effect: "allow", actions: ["*"], resources: ["*"] };
    await expectRefused(clerk, "POST", "/v1/roles", { name: "more", statements: [PEOPLE, all] });
    expect((await clerk.request("GET", "/v1/roles/more")).status).toBe(404);
    const less = { ...PEOPLE, actions: ["user:read"] };
    const made = await clerk.request("POST", "/v1/roles", { body: { name: "less", statements: [less] } });
    expect(made.status).toBe(201);
  });

  test("A09 adds nothing to the role that they have, nor to any other", async () => {
    const { clerk } = await tenantWithClerk();
    await expectRefused(clerk, "PUT", "/v1/roles/clerk", { statements: [PEOPLE, VOLUMES] });
    const wider = { ...VOLUMES, actions: ["volume:*", "vm:*"] };
    await expectRefused(clerk, "PUT", "/v1/roles/storage", { statements: [wider] });
    expect((await clerk.request("GET", "/v1/roles/clerk")).body.statements).toEqual([PEOPLE]);
  });

  test("lifts no deny", async () => {
    const { owner, clerk } = await tenantWithClerk();
    const frozen = { effect: "deny", actions: ["volume:*"], resources: ["*"] };
    await owner.request("POST", "/v1/roles", { body: { name: "frozen", statements: [frozen] } });
    await expectRefused(clerk, "PUT", "/v1/roles/frozen", { statements: [] });
  });

  test("A09 gives no role that allows more: to themselves, to others, to a new user", async () => {
    const { tenant, clerk } = await tenantWithClerk();
    for (const role of ["storage", "member", "admin", "owner"]) {
      await expectRefused(clerk, "PATCH", `/v1/users/${clerk.user.userId}`, { roles: ["clerk", role] });
      await expectRefused(clerk, "PATCH", `/v1/users/${tenant.reader.userId}`, { roles: [role] });
      await expectRefused(clerk, "POST", "/v1/users", { email: `${role}@evil.example`, roles: [role] });
    }
    const { body } = await clerk.request("GET", `/v1/users/${clerk.user.userId}`);
    expect(body.roles).toEqual(["clerk"]);
  });

  test("gives nobody with more an address to be signed in with", async () => {
    const { tenant, clerk } = await tenantWithClerk();
    const path = `/v1/users/${tenant.member.userId}`;
    await expectRefused(clerk, "PATCH", path, { email: "mine@evil.example" });
    expect((await clerk.request("PATCH", path, { body: { name: "Same" } })).status).toBe(200);
  });
});

test("an admin neither makes an owner, nor changes or removes one", async () => {
  const tenant = await app.tenant();
  const admin = await app.signIn(await tenant.addUser(["admin"], { totp: true }));
  const path = `/v1/users/${tenant.owner.userId}`;
  await expectRefused(admin, "PATCH", path, { roles: ["member"] });
  await expectRefused(admin, "PATCH", path, { disabled: true });
  await expectRefused(admin, "PATCH", path, { email: "mine@evil.example" });
  await expectRefused(admin, "PATCH", path, { name: "Fool" });
  await expectRefused(admin, "PATCH", `/v1/users/${admin.user.userId}`, { roles: ["admin", "owner"] });
  expect((await admin.request("DELETE", path)).status).toBe(403);
  expect(
    (await admin.request("PATCH", `/v1/users/${tenant.member.userId}`, { body: { roles: ["admin"] } }))
      .status,
  ).toBe(200);
});

test("a session with fewer roles gives what these hold, and no more", async () => {
  const tenant = await app.tenant();
  const both = await tenant.addUser(["admin", "read-only"], { totp: true });
  const full = await app.signIn(both);
  app.clock.advance(60_000);
  const part = await app.signIn(both, { roles: ["read-only"] });
  expect((await part.request("GET", "/v1/users")).status).toBe(200);
  expect((await part.request("POST", "/v1/roles", { body: { name: "x", statements: [] } })).status).toBe(403);
  expect((await full.request("POST", "/v1/roles", { body: { name: "x", statements: [] } })).status).toBe(201);
});

test("owners of a tenant do nothing that is the platform's", async () => {
  const { owner } = await app.tenant();
  const me = await app.signIn(owner);
  const platform = { effect: "allow", actions: ["tenant:create", "billing:run"], resources: ["*"] };
  // The role may be made, and allows nothing of it.
  await me.request("POST", "/v1/roles", { body: { name: "god", statements: [platform] } });
  await me.request("PATCH", `/v1/users/${owner.userId}`, { body: { roles: ["owner", "god"] } });
  const body = { name: "Mine", owner: { email: "mine@evil.example" } };
  expect((await me.request("POST", "/v1/tenants", { body })).status).toBe(403);
  expect((await me.request("GET", "/v1/tenants")).status).toBe(403);
  await expectRefused(me, "POST", "/v1/tenants", body);
});

describe("A09 the last owner", () => {
  test("stays, is not disabled and keeps the role", async () => {
    const { owner } = await app.tenant();
    const me = await app.signIn(owner);
    const path = `/v1/users/${owner.userId}`;
    const attempts = [
      await me.request("DELETE", path),
      await me.request("PATCH", path, { body: { disabled: true } }),
      await me.request("PATCH", path, { body: { roles: ["admin"] } }),
    ];
    expect(attempts.map(({ status, body }) => [status, body.code])).toEqual([
      [409, "conflict"],
      [409, "conflict"],
      [409, "conflict"],
    ]);
    expect((await me.request("GET", "/v1/me")).body.roles).toEqual(["owner"]);
  });

  test("is not whoever has only been invited, or is disabled", async () => {
    const tenant = await app.tenant();
    const me = await app.signIn(tenant.owner);
    await me.request("POST", "/v1/users", { body: { email: "next@owner.example", roles: ["owner"] } });
    const other = await tenant.addUser(["owner"]);
    await me.request("PATCH", `/v1/users/${other.userId}`, { body: { disabled: true } });
    expect((await me.request("DELETE", `/v1/users/${tenant.owner.userId}`)).status).toBe(409);
    await me.request("PATCH", `/v1/users/${other.userId}`, { body: { disabled: false } });
    expect((await me.request("DELETE", `/v1/users/${tenant.owner.userId}`)).status).toBe(204);
  });

  test("is left, of two owners who remove each other at the same moment", async () => {
    const tenant = await app.tenant();
    const first = await app.signIn(tenant.owner);
    const second = await app.signIn(await tenant.addUser(["owner"], { totp: true }));
    const statuses = await Promise.all([
      first.request("DELETE", `/v1/users/${second.user.userId}`),
      second.request("DELETE", `/v1/users/${first.user.userId}`),
    ]);
    expect(statuses.map(({ status }) => status).toSorted()).toEqual([204, 409]);
  });

  test("is left, of five owners who all step down at the same moment", async () => {
    const tenant = await app.tenant();
    const users = [tenant.owner];
    for (let count = 1; count < 5; count++) users.push(await tenant.addUser(["owner"], { totp: true }));
    const owners: SignedIn[] = [];
    for (const user of users) owners.push(await app.signIn(user));
    const answers = await Promise.all(
      owners.map((me) => me.request("PATCH", `/v1/users/${me.user.userId}`, { body: { roles: ["member"] } })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 409]);
  });
});

test("a role that is given and deleted at the same moment is either given or deleted", async () => {
  const { owner, member } = await app.tenant();
  const me = await app.signIn(owner);
  for (let round = 0; round < 5; round++) {
    const name = `round-${round}`;
    await me.request("POST", "/v1/roles", { body: { name, statements: [] } });
    const [given, deleted] = await Promise.all([
      me.request("PATCH", `/v1/users/${member.userId}`, { body: { roles: ["member", name] } }),
      me.request("DELETE", `/v1/roles/${name}`),
    ]);
    const after = await me.request("GET", `/v1/roles/${name}`);
    expect(after.status).toBe(deleted.status === 204 ? 404 : 200);
    expect([given.status, deleted.status]).toEqual(
      deleted.status === 204 ? [expect.any(Number), 204] : [200, 409],
    );
    const { body } = await me.request("GET", `/v1/users/${member.userId}`);
    expect(body.roles.includes(name)).toBe(given.status === 200);
    expect(given.status === 200 && deleted.status === 204).toBe(false);
    await me.request("PATCH", `/v1/users/${member.userId}`, { body: { roles: ["member"] } });
  }
});
